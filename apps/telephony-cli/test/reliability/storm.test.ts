import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { weatherStorm } from './storm.testing.ts';

it('counts exactly what 64 connections bring, half of it twice, some of it forged, receipts in no order', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'telephony-storm-'));
  try {
    const account = await weatherStorm({ folder, webhookCount: 2000, seed: 4 });
    const { posted, genuineAnswers, forgedAnswers, heapBytes, ...counted } = account;
    expect(posted).toEqual({ forged: 100, texts: 572, receipts: 378, duplicates: 950 });
    expect(counted).toEqual({
      handled: posted.texts,
      handledTwice: [],
      notHandled: [],
      delivered: posted.receipts / 3,
      left: { waiting: 0, running: 0, dead: 0 },
    });
    expect(genuineAnswers).toMatchObject({
      200: posted.texts + posted.receipts + posted.duplicates,
    });
    expect(Object.keys(forgedAnswers)).not.toContain('200');
    expect(heapBytes.late).toBeGreaterThan(0);
  } finally {
    await rm(folder, { recursive: true });
  }
}, 60_000);
