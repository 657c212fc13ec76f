import {
  type MessagingProvider,
  type SendReceipt,
  TelephonyError,
  type TelephonyErrorCode,
} from '@openclaw/telephony-core';
import { createMockProvider, mockError } from '@openclaw/provider-mock';
import { createMemoryStore, Dead, type Job, Retry } from '@openclaw/telephony-store';
import { describe, expect, it } from 'vitest';
import { createConsentLedger } from '../consent/consent.ts';
import { createDeliveryTracker } from '../delivery/deliveries.ts';
import { silentLogger } from '../observe/logger.ts';
import type { FailedSend, OutboxDispatchOptions } from './dispatch-options.ts';
import { createOutboxDispatch } from './outbox-dispatch.ts';
import { type OutboxItem, parseOutboxItem } from './outbox-item.ts';
import { createPacer, LineFull } from './pacing.ts';
import { ada, ours } from '../running-server.testing.ts';
import { createSendLedger, sendRef } from './send-progress.ts';
import { createSpendLedger } from './spend.ts';
import { createUnknownSends } from './unknown-sends.ts';

const noon = Date.parse('2026-11-20T12:00:00Z');

/** The handler of outbox jobs over a store in memory, a clock that the test moves and a carrier that does what it says. */
function outbox(over: Partial<OutboxDispatchOptions> = {}) {
  const clock = { ms: noon };
  const now = (): Date => new Date(clock.ms);
  const store = createMemoryStore({ now });
  const { keyValue } = store;
  const sends = createSendLedger({ keyValue, now });
  const jobs = store.queue('outbox', { parse: parseOutboxItem });
  const failures: TelephonyError[] = [];
  const failed: FailedSend[] = [];
  const asked: string[] = [];
  const carrier = createMockProvider({ webhookSecret: 'only-for-tests' });
  let receipt: Partial<SendReceipt> = {};
  let happens: (() => Promise<unknown>) | undefined;
  const messaging: MessagingProvider = {
    capabilities: carrier.messaging.capabilities,
    async send(message) {
      await happens?.();
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
      return { ...(await carrier.messaging.send(message)), ...receipt };
    },
  };
  const spend = createSpendLedger({ keyValue, now });
  const consent = createConsentLedger({ keyValue, now });
  const dispatch = createOutboxDispatch({
    messaging,
    sends,
    spend,
    unknownSends: createUnknownSends({ keyValue, now, sends, queue: jobs }),
    deliveries: createDeliveryTracker({ keyValue, now, onFailed: () => undefined }),
    consent,
    pacer: createPacer({ segmentsPerSecond: Infinity, now }),
    onGivenUp: (one) => failed.push(one),
    onAccepted: async (messageId) => void asked.push(messageId),
    now,
    logger: silentLogger,
    random: () => 0,
    closing: new AbortController().signal,
    ...over,
  });
  return {
    clock,
    consent,
    sends,
    spend,
    get sent() {
      return carrier.sent;
    },
    failed,
    asked,
    /** While the carrier is asked. */
    meanwhile: (work: () => Promise<unknown>) => {
      happens = work;
    },
    /** The next request fails so. */
    fails: (error: TelephonyError) => void failures.push(error),
    receives: (fields: Partial<SendReceipt>) => {
      receipt = fields;
    },
    /** What the handler throws. */
    run: (item: Partial<OutboxItem> = {}, id = 'a') =>
      dispatch(jobOf(item, id)).then(
        () => undefined,
        (error: unknown) => error,
      ),
    stateOf: async (id = 'a') => (await sends.get(id))?.messages[0],
  };
}

const jobOf = (over: Partial<OutboxItem>, id: string): Job<OutboxItem> => ({
  id,
  lane: 'l',
  attempt: 1,
  addedAt: new Date(noon),
  payload: {
    to: ada,
    from: { kind: 'number', address: ours },
    purpose: 'operator',
    messages: [{ text: 'hello', segmentCount: 1 }],
    media: [],
    isUnasked: false,
    ...over,
  },
});
const notSent = (code: TelephonyErrorCode, retryAfterMs?: number): TelephonyError =>
  new TelephonyError(code, 'no', {
    outcome: 'not-performed',
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
const pauseOf = (verdict: unknown): number | undefined =>
  Retry.isInstance(verdict) ? verdict.afterMs : undefined;

describe('a message that surely did not leave', () => {
  it('is tried again after pauses that double, up to five minutes', async () => {
    const box = outbox();
    const pauses: unknown[] = [];
    for (let n = 0; n < 12; n += 1) {
      box.fails(notSent('network'));
      pauses.push(pauseOf(await box.run()));
    }
    const seconds = [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300];
    expect(pauses).toEqual(seconds.map((one) => one * 750));
    expect(await box.stateOf()).toMatchObject({ state: 'waiting', attempts: 12 });
  });
  it('leaves the length of a pause partly to chance', async () => {
    const box = outbox({ random: () => 0.5 });
    box.fails(notSent('network'));
    expect(pauseOf(await box.run())).toBe(875);
  });
  it('is tried for a day and not for a number of times, and then given up and told of', async () => {
    const box = outbox();
    for (let minutes = 0; minutes < 24 * 60; minutes += 5) {
      box.clock.ms = noon + minutes * 60_000;
      box.fails(notSent(minutes % 2 === 0 ? 'provider_unavailable' : 'network'));
      expect(pauseOf(await box.run())).toBeGreaterThan(0);
    }
    expect(box.failed).toEqual([]);
    box.clock.ms = noon + 24 * 3_600_000;
    box.fails(notSent('network'));
    expect(Dead.isInstance(await box.run())).toBe(true);
    expect(box.failed).toMatchObject([
      { sendId: 'a', to: ada, index: 0, code: 'network', reason: 'no' },
    ]);
    // Whoever tries it again has a day of their own.
    box.fails(notSent('network'));
    expect(pauseOf(await box.run())).toBe(750);
    expect(await box.run()).toBeUndefined();
    expect(box.sent).toHaveLength(1);
  });
  it('may be tried for less long', async () => {
    const box = outbox({ tryForMs: 60_000 });
    box.fails(notSent('network'));
    expect(pauseOf(await box.run())).toBe(750);
    box.clock.ms += 60_000;
    box.fails(notSent('network'));
    expect(Dead.isInstance(await box.run())).toBe(true);
  });
  it('is tried again when the carrier calls it a limit', async () => {
    const box = outbox();
    box.fails(notSent('limit_reached'));
    expect(pauseOf(await box.run())).toBe(750);
    expect(await box.run()).toBeUndefined();
    expect(box.sent).toHaveLength(1);
  });
  it.each([0, 999])(
    'waits as long as without a word when the carrier asks for %i ms',
    async (ms) => {
      const box = outbox();
      const pauses: unknown[] = [];
      for (let n = 0; n < 3; n += 1) {
        box.fails(notSent('rate_limited', ms));
        pauses.push(pauseOf(await box.run()));
        box.clock.ms += 10_000;
      }
      expect(pauses).toEqual([750, 1500, 3000]);
    },
  );
  it('waits as long as the carrier asks, and no longer than an hour', async () => {
    const box = outbox();
    box.fails(notSent('rate_limited', 90_000));
    expect(pauseOf(await box.run())).toBe(90_000);
    box.clock.ms += 90_000;
    box.fails(notSent('rate_limited', 48 * 3_600_000));
    expect(pauseOf(await box.run())).toBe(3_600_000);
    box.clock.ms += 3_600_000;
    expect(await box.run()).toBeUndefined();
  });
});

describe('a message whose turn it is', () => {
  it('does not leave when the quiet hours began while it waited', async () => {
    const isQuiet = { now: false };
    const box = outbox({
      quietFor: () => (isQuiet.now ? 5000 : 0),
      pacer: {
        async take() {
          isQuiet.now = true;
        },
        hold: () => undefined,
      },
    });
    expect(pauseOf(await box.run({ purpose: 'agent', isUnasked: true }))).toBe(5000);
    expect(box.sent).toEqual([]);
    expect(await box.run({ isUnasked: false })).toBeUndefined();
  });
  it('does not leave again when a receipt told meanwhile that it left, and its end is asked for', async () => {
    const found: { reconcile?: () => Promise<unknown> } = {};
    const box = outbox({
      pacer: {
        async take() {
          await found.reconcile?.();
        },
        hold: () => undefined,
      },
    });
    found.reconcile = () => box.sends.reconcile(sendRef('a', 0), 'm-1');
    expect(await box.run()).toBeUndefined();
    expect(box.sent).toEqual([]);
    expect(box.asked).toEqual(['m-1']);
  });
  it('does not leave while somebody else has it in hand', async () => {
    const found: { other?: () => Promise<unknown> } = {};
    const box = outbox({
      pacer: {
        async take() {
          await found.other?.();
        },
        hold: () => undefined,
      },
    });
    found.other = () => box.sends.startDispatch('a', 0, 1);
    expect(pauseOf(await box.run())).toBe(5000);
    expect(box.sent).toEqual([]);
  });
  it('gives its place back when so many wait that an answer would find none', async () => {
    const box = outbox({
      pacer: {
        take: (_segments, _signal, as) =>
          as?.isAnswer === true ? Promise.resolve() : Promise.reject(new LineFull(7000)),
        hold: () => undefined,
      },
    });
    expect(pauseOf(await box.run())).toBe(7000);
    expect(await box.stateOf()).toEqual({ state: 'waiting', attempts: 0 });
    expect(await box.run({ purpose: 'reply' })).toBeUndefined();
  });
  it('is charged for the segments that the carrier counts beyond the estimate', async () => {
    const box = outbox();
    await box.spend.reserve('a', { messageCount: 1, segmentCount: 1 });
    box.receives({ segmentCount: 3 });
    expect(await box.run()).toBeUndefined();
    expect((await box.spend.spent()).day).toEqual({ messageCount: 1, segmentCount: 3 });
  });
});

describe('a carrier that is down', () => {
  it('makes unknown what was on its way, and all that waits behind it stays waiting', async () => {
    const box = outbox();
    const down = { outcome: 'unknown', retryAfterMs: 120_000 } as const;
    box.fails(new TelephonyError('provider_unavailable', 'no', down));
    expect(await box.run({}, 'a')).toBeUndefined();
    expect(await box.stateOf('a')).toMatchObject({ state: 'unknown' });
    for (const id of ['b', 'c']) {
      expect(pauseOf(await box.run({}, id))).toBe(120_000);
      expect(await box.stateOf(id)).toEqual({ state: 'waiting', attempts: 0 });
    }
    box.clock.ms += 120_000;
    expect(await box.run({}, 'b')).toBeUndefined();
    expect(box.sent).toHaveLength(1);
  });
});

describe('a message that was refused', () => {
  it('is told of once, when it is written down', async () => {
    const box = outbox();
    box.fails(mockError('invalid_recipient'));
    expect(Dead.isInstance(await box.run())).toBe(true);
    expect(box.failed).toMatchObject([{ sendId: 'a', to: ada, code: 'invalid_recipient' }]);
    expect(await box.stateOf()).toMatchObject({ state: 'failed' });
  });
  it('for a STOP blocks its person, unless they have said START since it was asked', async () => {
    for (const saysStart of [false, true]) {
      const box = outbox({
        pacer: {
          take: async () => void (box.clock.ms += 1000),
          hold: () => undefined,
        },
      });
      box.fails(mockError('recipient_opted_out'));
      if (saysStart) box.meanwhile(() => box.consent.start(ada));
      expect(Dead.isInstance(await box.run())).toBe(true);
      expect(await box.consent.blocks(ada)).toBe(!saysStart);
    }
  });
});
