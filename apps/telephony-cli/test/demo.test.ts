import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { telephony } from './telephony.testing.ts';

interface Line {
  readonly step?: number;
  readonly claim?: string;
  readonly happened?: boolean;
  readonly direction?: string;
  readonly text?: string;
  readonly ok?: boolean;
  readonly held?: boolean;
}

it.each(['twilio', 'telnyx', 'plivo'])(
  'plays the six steps on %s against a real server process, and every one happens',
  async (carrier) => {
    const data = await mkdtemp(join(tmpdir(), 'telephony-demo-test-'));
    try {
      const { code, stdout, stderr } = await telephony([
        '--json',
        'demo',
        '--carrier',
        carrier,
        '--data',
        data,
      ]);
      const lines: Line[] = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      const claims = (step: number): (string | undefined)[] =>
        lines
          .filter((line) => line.step === step && line.happened === true)
          .map(({ claim }) => claim);

      expect(lines.filter(({ happened, ok }) => happened === false || ok === false)).toEqual([]);
      expect(claims(1)).toEqual([
        expect.stringContaining('the pairing text is one segment, with the code'),
        'texting again sends no second code',
      ]);
      expect(claims(2)).toEqual([
        'the agent answered this text',
        'and none that came before the approval',
      ]);
      expect(claims(3)).toEqual([
        'put together, it is what the agent said',
        'it cost 13 segments, and no cut makes it fewer; as one message, the emoji would have made it 26',
      ]);
      expect(claims(4)).toEqual([
        'posted again, byte for byte: answered 200, and not processed again',
        'one byte changed: answered 401, nobody hears of it',
        'the forged one was not stored: the genuine one, coming later, is new',
      ]);
      expect(claims(5)).toEqual(['nothing was answered yet', 'the answer arrived, exactly once']);
      expect(claims(6)).toEqual([
        expect.stringMatching(/^receipts came as delivered, .*sent.*; the message is delivered$/u),
        expect.stringMatching(
          /^a number that cannot be reached: (?:undelivered|failed), error \d+$/u,
        ),
      ]);
      expect(lines.at(-1)).toMatchObject({ held: true, data });
      expect(stderr).toBe('');
      expect(code).toBe(0);
    } finally {
      await rm(data, { recursive: true });
    }
  },
  60_000,
);
