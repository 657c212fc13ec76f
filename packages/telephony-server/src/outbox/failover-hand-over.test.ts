import { createMockProvider } from '@openclaw/provider-mock';
import { TelephonyError } from '@openclaw/telephony-core';
import { createMemoryStore } from '@openclaw/telephony-store';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createConsentLedger } from '../consent/consent.ts';
import { createDeliveryTracker } from '../delivery/deliveries.ts';
import { silentLogger } from '../observe/logger.ts';
import { accountRecords } from '../records/account-records.ts';
import { ada, ours, startServer } from '../running-server.testing.ts';
import { failing, failure } from './failing-carrier.testing.ts';
import { createOutboxDispatch } from './outbox-dispatch.ts';
import { parseOutboxItem, type OutboxItem } from './outbox-item.ts';
import { createPacer } from './pacing.ts';
import { createSendLedger, sendRef, type SendLedger } from './send-progress.ts';
import { createUnknownSends } from './unknown-sends.ts';

const item: OutboxItem = {
  to: ada,
  from: { kind: 'number', address: ours },
  purpose: 'operator',
  messages: [
    { text: 'one', segmentCount: 1 },
    { text: 'two', segmentCount: 1 },
  ],
  media: [],
  isUnasked: false,
};

const now = (): Date => new Date(0);

/** A process that sends for `main`, and may be killed before or right behind a step that outlasts it. */
function mainOutbox() {
  const store = createMemoryStore({ now });
  const keyValue = accountRecords(store.keyValue, 'main');
  let stepsLeft = Infinity;
  const orDie = async <Result>(act: () => Promise<Result>): Promise<Result> => {
    stepsLeft -= 1;
    if (stepsLeft === 0) throw new Error('killed before');
    const result = await act();
    stepsLeft -= 1;
    if (stepsLeft === 0) throw new Error('killed behind');
    return result;
  };
  const ledger = createSendLedger({ keyValue, now });
  const sends: SendLedger = { ...ledger, move: (...move) => orDie(() => ledger.move(...move)) };
  const { messaging } = createMockProvider({ webhookSecret: 'only-for-tests' });
  const failures: (TelephonyError | undefined)[] = [];
  const sent: (string | undefined)[] = [];
  const during: (() => Promise<unknown>)[] = [];
  const taken = new Map<string, number>();
  const refusals: Error[] = [];
  const carrier = failing(
    {
      ...messaging,
      send(message) {
        sent.push(message.text);
        return messaging.send(message);
      },
    },
    failures,
  );
  const dispatch = createOutboxDispatch({
    messaging: {
      ...carrier,
      async send(message) {
        await during.shift()?.();
        return carrier.send(message);
      },
    },
    sends,
    spend: { add: () => Promise.resolve() },
    unknownSends: createUnknownSends({
      keyValue,
      now,
      sends: ledger,
      queue: store.queue('outbox', { parse: parseOutboxItem }),
    }),
    deliveries: createDeliveryTracker({ keyValue, now, onFailed: () => undefined }),
    consent: createConsentLedger({ keyValue, now }),
    pacer: createPacer({ segmentsPerSecond: Infinity, now }),
    now,
    logger: silentLogger,
    random: () => 0,
    closing: new AbortController().signal,
    accountId: 'main',
    failover: {
      standIn: {
        accountId: 'backup',
        takeOver: (id) =>
          orDie(async () => {
            const refusal = refusals.shift();
            if (refusal !== undefined) throw refusal;
            taken.set(id, (taken.get(id) ?? 0) + 1);
          }),
      },
      afterMs: 0,
    },
  });
  return {
    failures,
    sent,
    taken,
    refusals,
    during,
    killAfter: (steps: number) => {
      stepsLeft = steps;
    },
    hasDied: () => stepsLeft <= 0,
    /** What the handler throws. */
    run: () =>
      dispatch({ id: 'a', lane: 'l', attempt: 1, addedAt: now(), payload: item }).then(
        () => undefined,
        (error: unknown) => error,
      ),
    receipt: () => ledger.reconcile(sendRef('a', 0), 'theirs'),
    states: async () => (await ledger.get('a'))?.messages.map((message) => message.state),
  };
}

describe('a hand-over', () => {
  it('leaves every message to one of the two accounts, wherever the process dies in it', async () => {
    let killedAt = 0;
    let hasDied = true;
    while (hasDied && killedAt < 40) {
      killedAt += 1;
      const main = mainOutbox();
      main.failures.push(failure('auth_failed'));
      main.killAfter(killedAt);
      await main.run();
      hasDied = main.hasDied();
      main.killAfter(Infinity);
      // Nothing is wrong with its own account any more: what it may send it does send.
      await main.run();
      const states = await main.states();
      const isTaken = main.taken.size > 0;
      expect(main.sent).toEqual(
        isTaken ? [] : states?.[0] === 'unknown' ? ['two'] : ['one', 'two'],
      );
      expect(states?.every((state) => state === 'handed-over')).toBe(isTaken);
    }
    expect(killedAt).toBeGreaterThan(8);
    expect(killedAt).toBeLessThan(40);
  });

  it('that was refused once is not taken for refused when it is asked for again', async () => {
    const main = mainOutbox();
    main.failures.push(failure('auth_failed'));
    // The other account has it, and the process dies before that is written down.
    main.killAfter(6);
    await main.run();
    expect(main.taken.size).toBe(1);
    main.killAfter(Infinity);
    main.refusals.push(failure('recipient_opted_out'));
    expect(await main.run()).toBeUndefined();
    expect(main.sent).toEqual([]);
    expect(await main.states()).toEqual(['unknown', 'unknown']);
  });

  it('that was refused at the first asking leaves the send where it was', async () => {
    const main = mainOutbox();
    main.failures.push(failure('network'));
    main.refusals.push(failure('limit_reached'));
    await main.run();
    expect(await main.states()).toEqual(['waiting', 'waiting']);
    await main.run();
    expect(main.sent).toEqual(['one', 'two']);
    expect(main.taken.size).toBe(0);
  });

  it('does not happen when a receipt was faster than the refusal', async () => {
    const main = mainOutbox();
    main.failures.push(failure('auth_failed'));
    main.during.push(main.receipt);
    await main.run();
    expect(main.taken.size).toBe(0);
    expect((await main.states())?.[0]).toBe('accepted');
  });

  it('asks for the STOP of the account whose send it is', async () => {
    const store = createMemoryStore({ now });
    const consent = createConsentLedger({ keyValue: accountRecords(store.keyValue, 'main'), now });
    await consent.stop(ada);
    const running = await startServer({ store, accountId: 'backup' });
    onTestFinished(() => running.close());
    await running.server.takeOver('x', { ...item, onBehalfOf: 'main' });
    expect(await running.sent()).toEqual([]);
  });
});
