import assert from 'node:assert/strict';
import {
  createFetchTransport,
  type Outcome,
  parseE164,
  type TelephonyError,
  type TelephonyErrorCode,
  type TelephonyProvider,
} from '@openclaw/telephony-core';
import { assertNoCanary, createCanaries } from './canaries.ts';
import { contractValues } from './contract-values.ts';
import { failureOf } from './failure-of.ts';
import { plainMessage } from './messages.ts';
import { itWithFixture, requireFixture } from './missing-fixture.ts';
import type { LineFault, LoopbackCarrier, RoundTripContract } from './round-trip-fixtures.ts';
import { messagingOf, playRoundTrip, type RoundTrip } from './round-trip-scene.ts';
import type { Runner } from './runner.ts';

const because = 'the provider has messaging';

/** What goes wrong on the line, what it is called, whether the message may exist, and how many do. */
const lineTroubles: readonly (readonly [LineFault, TelephonyErrorCode, Outcome, number])[] = [
  [{ on: 'send', kind: 'status-500' }, 'provider_unavailable', 'unknown', 0],
  [{ on: 'send', kind: 'status-500', afterAccept: true }, 'provider_unavailable', 'unknown', 1],
  [{ on: 'send', kind: 'html' }, 'provider_unavailable', 'unknown', 0],
  [{ on: 'send', kind: 'status-429' }, 'rate_limited', 'not-performed', 0],
  [{ on: 'send', kind: 'drop-before-accept' }, 'network', 'unknown', 0],
  [{ on: 'send', kind: 'drop-after-accept' }, 'network', 'unknown', 1],
  [{ on: 'send', kind: 'cut-off-json' }, 'malformed_response', 'unknown', 1],
  [{ on: 'send', kind: 'cut-off-reply' }, 'network', 'unknown', 1],
];

/** Our messages, sent to a carrier that really speaks HTTP. */
export function describeRoundTripSending<
  Provider extends TelephonyProvider,
  Carrier extends LoopbackCarrier,
>(contract: RoundTripContract<Provider, Carrier>, runner: Runner): void {
  const canaries = createCanaries(contract.secrets);
  const it = (name: string, body: (scene: RoundTrip<Provider, Carrier>) => Promise<void>): void => {
    runner.it(name, () => playRoundTrip(contract, body));
  };
  const failure = async (work: Promise<unknown>): Promise<TelephonyError> => {
    const error = await failureOf(work);
    assertNoCanary(error, 'the error', canaries);
    return error;
  };
  const breaksWith = (
    fault: LineFault,
    [code, outcome, count]: readonly [TelephonyErrorCode, Outcome, number],
  ) =>
    playRoundTrip(contract, async ({ carrier, messaging }) => {
      // It strikes once: were anything sent again, the second try would succeed.
      carrier.faults.add(fault);
      const error = await failure(messaging.send(plainMessage));
      assert.deepEqual([error.code, error.outcome], [code, outcome]);
      assert.equal(carrier.messages.length, count, 'the carrier has another count of messages');
    });

  runner.describe('a text to a person', () => {
    it('arrives, and its receipts come back verified', async (scene) => {
      const { carrier, messaging, events, url } = scene;
      const { messageId, warnings } = await messaging.send({
        ...plainMessage,
        statusCallback: url,
      });
      assert.deepEqual(warnings, []);
      await carrier.settled();
      assert.deepEqual(
        carrier.messages.map(({ id, from, to, body }) => ({ id, from, to, body })),
        [
          {
            id: messageId,
            from: contractValues.ownNumber,
            to: contractValues.person,
            body: contractValues.text,
          },
        ],
      );
      assert.ok(events.length > 0, 'no receipt came');
      for (const event of events) {
        assert.ok(event.type === 'message.status', `a receipt became ${event.type}`);
        assert.equal(event.messageId, messageId, 'a receipt is about another message');
      }
      assert.equal(
        new Set(events.map(({ dedupeKey }) => dedupeKey)).size,
        events.length,
        'two receipts have one key',
      );
      assert.equal(lastStatus(scene).status, 'delivered');
      assert.equal((await messaging.getMessage?.(messageId))?.status ?? 'delivered', 'delivered');
    });

    runner.it('that cannot be delivered says why', async () => {
      const undeliverable = requireFixture(contract.undeliverable, {
        path: 'undeliverable',
        what: 'recipients to whom a message is accepted and does not come through',
        because,
      });
      for (const { to, ...expected } of undeliverable) {
        await playRoundTrip(contract, async (scene) => {
          const { carrier, messaging, url } = scene;
          const message = { ...plainMessage, to: parseE164(to), statusCallback: url };
          const { messageId } = await messaging.send(message);
          await carrier.settled();
          assert.deepEqual(lastStatus(scene), expected);
          if (messaging.getMessage === undefined) return;
          const { status, carrierErrorCode } = await messaging.getMessage(messageId);
          assert.deepEqual({ status, carrierErrorCode }, expected, 'getMessage says another thing');
        });
      }
    });
  });

  runner.describe('a text that the carrier refuses', () => {
    runner.it('says why, and is not sent', async () => {
      const refused = requireFixture(contract.refused, {
        path: 'refused',
        what: 'recipients that the carrier refuses at once',
        because,
      });
      for (const { to, code, providerCode } of refused) {
        await playRoundTrip(contract, async ({ carrier, messaging }) => {
          const error = await failure(messaging.send({ ...plainMessage, to: parseE164(to) }));
          assert.deepEqual(
            [error.code, error.providerCode, error.outcome],
            [code, providerCode, 'not-performed'],
          );
          assert.deepEqual(carrier.messages, [], 'it was sent');
        });
      }
    });

    itWithFixture(
      runner,
      'from a number that is not ours is not allowed',
      contract.foreignSender,
      { path: 'foreignSender', what: 'a number that is not ours, or { never: why not }', because },
      ({ from }) =>
        playRoundTrip(contract, async ({ carrier, messaging }) => {
          const sender = { kind: 'number', address: parseE164(from) } as const;
          const error = await failure(messaging.send({ ...plainMessage, from: sender }));
          assert.deepEqual([error.code, error.outcome], ['sender_not_allowed', 'not-performed']);
          assert.deepEqual(carrier.messages, [], 'it was sent');
        }),
    );

    it('with wrong credentials fails as such', async ({ carrier }) => {
      const { providerCode } = requireFixture(contract.wrongCredentials, {
        path: 'wrongCredentials',
        what: 'the number that the carrier has for wrong credentials, or {}',
        because,
      });
      const { baseUrl } = carrier;
      const provider = contract.createProvider({ baseUrl, hasWrongCredentials: true });
      const error = await failure(messagingOf(provider).send(plainMessage));
      assert.deepEqual(
        [error.code, error.providerCode, error.outcome],
        ['auth_failed', providerCode, 'not-performed'],
      );
    });
  });

  runner.describe('when the line to the carrier breaks', () => {
    for (const [fault, ...expected] of lineTroubles) {
      const { on: _, ...rest } = fault;
      const [code, outcome] = expected;
      runner.it(`${JSON.stringify(rest)} is ${code} with the outcome ${outcome}`, () =>
        breaksWith(fault, expected),
      );
    }

    runner.it('an error of the carrier’s own has its name in the contract', () => {
      const { number, code } = requireFixture(contract.error, {
        path: 'error',
        what: 'one of the carrier’s own error numbers, and its name in the contract',
        because,
      });
      return breaksWith({ on: 'send', kind: 'error', code: number }, [code, 'not-performed', 0]);
    });

    it('a limit says when to come again', async ({ carrier, messaging }) => {
      carrier.faults.add({ on: 'send', kind: 'status-429', retryAfterSeconds: 3 });
      const { code, retryAfterMs } = await failure(messaging.send(plainMessage));
      assert.deepEqual({ code, retryAfterMs }, { code: 'rate_limited', retryAfterMs: 3000 });
    });

    it('a slow answer is a time-out with an unknown outcome', async ({ carrier }) => {
      carrier.faults.add({ on: 'send', kind: 'slow', delayMs: 60_000 });
      const transport = createFetchTransport({ timeoutMs: 50 });
      const provider = contract.createProvider({ baseUrl: carrier.baseUrl, transport });
      const { code, outcome } = await failure(messagingOf(provider).send(plainMessage));
      assert.deepEqual({ code, outcome }, { code: 'timeout', outcome: 'unknown' });
    });

    it('nothing was sent where nobody listens', async ({ carrier, messaging }) => {
      await carrier.close();
      const { code, outcome } = await failure(messaging.send(plainMessage));
      assert.deepEqual({ code, outcome }, { code: 'network', outcome: 'not-performed' });
    });
  });
}

function lastStatus({ events }: Pick<RoundTrip, 'events'>): object & { readonly status: unknown } {
  const event = events.at(-1);
  assert.ok(event?.type === 'message.status', 'the last webhook is no receipt');
  const { status, carrierErrorCode } = event;
  return { status, ...(carrierErrorCode === undefined ? {} : { carrierErrorCode }) };
}
