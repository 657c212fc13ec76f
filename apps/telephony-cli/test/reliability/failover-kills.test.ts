import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { killWhileHandingOver } from './failover-kills.testing.ts';

it('leaves every part of a text to one of two accounts when it is killed while one takes over from the other', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'telephony-failover-'));
  try {
    const account = await killWhileHandingOver({ folder, killCount: 2, seed: 1 });
    expect(account).toMatchObject({ sends: 16, sentTwice: [], lost: [] });
    expect(account.wentOver + account.unknown).toBeGreaterThan(0);
  } finally {
    await rm(folder, { recursive: true });
  }
}, 60_000);
