import { createMockProvider } from '@openclaw/provider-mock';
import { type SendReceipt, TelephonyError } from '@openclaw/telephony-core';
import { describe, expect, it } from 'vitest';
import { ada, ours } from '../running-server.testing.ts';
import { watchCarrier } from './silent-carrier.ts';

const message = { to: ada, from: { kind: 'number', address: ours }, text: 'hello' } as const;
const receipt: SendReceipt = { messageId: 'm', status: 'queued', warnings: [], raw: {} };
const lost = (retryAfterMs?: number): TelephonyError =>
  new TelephonyError('provider_unavailable', 'no', {
    outcome: 'unknown',
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
const refused = (httpStatus?: number): TelephonyError =>
  new TelephonyError('network', 'no', {
    outcome: 'not-performed',
    ...(httpStatus === undefined ? {} : { httpStatus }),
  });

/** A carrier whose answers come when the test says so, and the pauses that were made. */
function carrier() {
  const answers: ((answer: SendReceipt | TelephonyError) => void)[] = [];
  const pauses: number[] = [];
  const { messaging } = createMockProvider({ webhookSecret: 'only-for-tests' });
  const clock = { ms: 0 };
  const watched = watchCarrier({
    messaging: {
      capabilities: messaging.capabilities,
      send: () =>
        new Promise((resolve, reject) => {
          answers.push((answer) =>
            TelephonyError.isInstance(answer) ? reject(answer) : resolve(answer),
          );
        }),
    },
    pacer: { hold: (ms) => void pauses.push(ms) },
    now: () => new Date(clock.ms),
  });
  const ask = (): Promise<unknown> =>
    watched.messaging.send(message).catch((error: unknown) => error);
  return {
    clock,
    silentForMs: () => watched.silentForMs(),
    pauses,
    async answers(...all: readonly (SendReceipt | TelephonyError)[]) {
      for (const answer of all) {
        const asked = ask();
        answers.shift()?.(answer);
        expect(await asked).toBe(answer);
      }
      return pauses;
    },
    /** All of them are on their way before the first is answered. */
    async answersAtOnce(...all: readonly (SendReceipt | TelephonyError)[]) {
      const asked = all.map(() => ask());
      for (const answer of all) answers.shift()?.(answer);
      await Promise.all(asked);
      return pauses;
    },
  };
}

describe('a carrier whose answers stay away', () => {
  it('is left alone for twice as long each time, up to five minutes, from the second on', async () => {
    const pauses = await carrier().answers(...Array.from({ length: 12 }, () => lost()));
    const seconds = [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300];
    expect(pauses).toEqual(seconds.map((one) => one * 1000));
  });
  it('is left alone for as long as it asks, and no longer than an hour', async () => {
    expect(await carrier().answers(lost(120_000), lost(48 * 3_600_000))).toEqual([
      120_000, 3_600_000,
    ]);
  });
  it('is asked at full speed again after any answer, but not because it cannot be reached', async () => {
    const again = carrier();
    expect(await again.answers(lost(), receipt, lost(), refused(429), lost())).toEqual([]);
    expect(await again.answers(refused(), lost())).toEqual([1000]);
  });
  it('costs one pause for many that were on their way at once', async () => {
    const many = carrier();
    expect(await many.answersAtOnce(lost(), lost(), lost(), lost())).toEqual([]);
    expect(await many.answersAtOnce(lost(), lost(), lost())).toEqual([1000]);
  });
  it('is known to be silent from the first answer that stayed away, or the first connection, until one comes', async () => {
    for (const trouble of [lost(), refused()]) {
      const silent = carrier();
      expect(silent.silentForMs()).toBe(0);
      await silent.answers(trouble);
      silent.clock.ms = 1000;
      await silent.answers(trouble);
      silent.clock.ms = 3000;
      expect(silent.silentForMs()).toBe(3000);
      await silent.answers(refused(429));
      expect(silent.silentForMs()).toBe(0);
    }
  });
});
