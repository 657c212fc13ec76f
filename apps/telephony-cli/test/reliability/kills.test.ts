import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { killAgainAndAgain } from './kills.testing.ts';

it.each([
  { carrier: 'twilio', killCount: 2, seed: 1 },
  { carrier: 'telnyx', killCount: 2, seed: 2 },
  { carrier: 'plivo', killCount: 1, seed: 3 },
] as const)(
  'loses no text and sends none twice when it is killed with texts and answers under way, on $carrier',
  async (plan) => {
    const folder = await mkdtemp(join(tmpdir(), 'telephony-kills-'));
    try {
      const { figures, ...broken } = await killAgainAndAgain({ ...plan, folder });
      expect(broken).toEqual({
        acknowledgedButNotHandled: [],
        handledTwice: [],
        handledOutOfOrder: [],
        sentTwice: [],
        acceptedButNotKnown: [],
        knownButNotAccepted: [],
        undecided: [],
        left: { waiting: 0, running: 0, dead: 0 },
      });
      expect(figures.handled).toBeGreaterThan(0);
      expect(figures.messages + figures.unknown).toBe(figures.sends);
    } finally {
      await rm(folder, { recursive: true });
    }
  },
  60_000,
);
