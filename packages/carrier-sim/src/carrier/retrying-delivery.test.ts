import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCarrierContext } from './context.ts';
import { deliverWithRetries } from './retrying-delivery.ts';
import type { WebhookAttempt, WebhookMessage } from './webhook-request.ts';

const timing = {
  receiptDelayMs: 0,
  connectTimeoutMs: 1,
  readTimeoutMs: 1,
  closeGraceMs: 0,
  retryAcceleration: 1,
  callAcceleration: 1,
};

const compose = (attempt: number, url: string): WebhookMessage => ({
  method: 'POST',
  url: `${url}${attempt}`,
  headers: [],
  body: new Uint8Array(),
});

/** Delivers to nobody: each try gets the next answer, and pauses are noted instead of waited for. */
async function deliver(
  answers: readonly (Pick<WebhookAttempt, 'status' | 'error'> | undefined)[],
  { urls = ['a'], pausesMs = [60_000, 120_000, 240_000], acceleration = 1 } = {},
) {
  const context = createCarrierContext({ numbers: [] }, { timing, maxReplyBytes: 1 });
  const pauses: number[] = [];
  const left = [...answers];
  const result = await deliverWithRetries(
    {
      ...context,
      timing: { ...timing, retryAcceleration: acceleration },
      inFlight: {
        ...context.inFlight,
        pause(ms) {
          pauses.push(ms);
          return Promise.resolve(true);
        },
      },
      sender: {
        send: ({ url }) =>
          Promise.resolve({
            url,
            durationMs: 0,
            replyBody: '',
            ...(left.shift() ?? { status: 500 }),
          }),
      },
    },
    { urls, pausesMs, compose },
    { change: (message) => message, hangUp: false },
  );
  return { pauses, tried: result.attempts.map(({ url }) => url) };
}

describe('a webhook that fails', () => {
  it('is tried again after the pauses, divided by the acceleration', async () => {
    const slow = await deliver([]);
    expect(slow).toEqual({ tried: ['a1', 'a2', 'a3', 'a4'], pauses: [60_000, 120_000, 240_000] });
    const fast = await deliver([], { acceleration: 1_000 });
    expect(fast.pauses).toEqual([60, 120, 240]);
  });

  it('goes to the next URL once all tries at the first have failed', async () => {
    const { tried, pauses } = await deliver([], { urls: ['a', 'b'], pausesMs: [1, 2] });
    expect(tried).toEqual(['a1', 'a2', 'a3', 'b4', 'b5', 'b6']);
    expect(pauses).toEqual([1, 2, 1, 2]);
  });

  it('is not sent again where nothing can come of it', async () => {
    const { tried } = await deliver([{ error: 'not-routed' }], { urls: ['a', 'b'], pausesMs: [1] });
    expect(tried).toEqual(['a1', 'b2', 'b3']);
    expect((await deliver([{ error: 'aborted' }], { urls: ['a', 'b'] })).tried).toEqual(['a1']);
    expect((await deliver([{ error: 'hung-up' }])).tried).toEqual(['a1']);
  });

  it('ends with the first answer of 2xx, whatever came before', async () => {
    const failure = fc.constantFrom<Pick<WebhookAttempt, 'status' | 'error'>>(
      { status: 302 },
      { status: 500 },
      { error: 'read-timeout' },
      { error: 'connect-failed' },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(failure, { maxLength: 7 }),
        fc.integer({ min: 200, max: 299 }),
        async (failures, status) => {
          const urls = ['a', 'b'];
          const { tried } = await deliver([...failures, { status }], { urls });
          expect(tried).toHaveLength(failures.length + 1);
        },
      ),
    );
  });
});
