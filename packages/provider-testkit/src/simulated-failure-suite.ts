import assert from 'node:assert/strict';
import type { TelephonyProvider } from '@openclaw/telephony-core';
import type { SimulatedCarrier, SimulatedFailure } from './fixtures.ts';
import { plainMessage } from './messages.ts';
import { play } from './scene.ts';
import type { Suite } from './suite.ts';

const failures: readonly (readonly [name: string, failure: SimulatedFailure])[] = [
  ['bad credentials', { code: 'auth_failed', outcome: 'not-performed' }],
  ['an invalid recipient', { code: 'invalid_recipient', outcome: 'not-performed' }],
  ['a recipient who opted out', { code: 'recipient_opted_out', outcome: 'not-performed' }],
  ['a sender that may not send', { code: 'sender_not_allowed', outcome: 'not-performed' }],
  ['content that is rejected', { code: 'content_rejected', outcome: 'not-performed' }],
  ['no funds', { code: 'account_blocked', outcome: 'not-performed' }],
  [
    'a rate limit with a time to wait',
    { code: 'rate_limited', outcome: 'not-performed', retryAfterMs: 7000 },
  ],
  ['a rate limit without', { code: 'rate_limited', outcome: 'not-performed' }],
  ['a carrier that breaks', { code: 'provider_unavailable', outcome: 'unknown' }],
  ['an answer that makes no sense', { code: 'malformed_response', outcome: 'unknown' }],
  ['a time-out', { code: 'timeout', outcome: 'unknown' }],
  ['no connection', { code: 'network', outcome: 'not-performed' }],
  ['a broken connection', { code: 'network', outcome: 'unknown' }],
];

/** A simulated carrier must be able to fail in every way in which a real one does. */
export function describeSimulatedFailures<Provider extends TelephonyProvider>(
  { runner, contract }: Suite<Provider>,
  carrier: SimulatedCarrier<Provider>,
): void {
  runner.describe('send fails', () => {
    for (const [name, failure] of failures) {
      runner.it(`${name}: ${failure.code}, ${failure.outcome}`, async () => {
        await play(contract, {}, async ({ provider, messaging, failureOf }) => {
          carrier.failNext(provider, failure);
          const { code, outcome, retryAfterMs } = await failureOf(() =>
            messaging.send(plainMessage),
          );
          assert.deepEqual({ code, outcome }, { code: failure.code, outcome: failure.outcome });
          assert.equal(retryAfterMs, failure.retryAfterMs);
          const { messageId } = await messaging.send(plainMessage);
          assert.notEqual(messageId, '', 'the next message is sent again');
        });
      });
    }

    runner.it('aborted before anything is sent', async () => {
      await play(contract, {}, async ({ provider, messaging, failureOf }) => {
        const signal = AbortSignal.abort();
        const { code, outcome } = await failureOf(() => messaging.send(plainMessage, { signal }));
        assert.deepEqual({ code, outcome }, { code: 'aborted', outcome: 'not-performed' });
        assert.equal(carrier.countSent(provider), 0);
      });
    });
  });
}
