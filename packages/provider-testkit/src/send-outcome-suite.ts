import assert from 'node:assert/strict';
import type { TelephonyError, TelephonyProvider } from '@openclaw/telephony-core';
import { type Answer, answering } from './answers.ts';
import type { CarrierReply, HttpCarrier } from './fixtures.ts';
import { plainMessage } from './messages.ts';
import { requireFixture } from './missing-fixture.ts';
import { play } from './scene.ts';
import type { Suite } from './suite.ts';

const range = (first: number, last: number): readonly number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);
/** Every status that somebody gives and that is no success; the bodies take turns. */
const statuses = [
  ...range(300, 308),
  ...range(400, 431),
  444,
  451,
  460,
  499,
  ...range(500, 511),
  520,
  522,
  524,
  530,
  598,
  599,
];
/** With each of these comes every body. */
const turningPoints = [400, 408, 429, 500];
/** A proxy on the way gave up on the carrier, whatever it says about the request. */
const givenUp: ReadonlySet<number> = new Set([408, 499]);

/** A broken carrier, or a proxy before it, may say anything about a request: the status decides what may exist. */
export function describeSendOutcomes<Provider extends TelephonyProvider>(
  { runner, contract }: Suite<Provider>,
  carrier: HttpCarrier,
): void {
  runner.describe('send, whatever the carrier says', () => {
    runner.it('the status decides what may exist, and nothing is sent again', async () => {
      const bodies = requireFixture(carrier.send?.errorBodies, {
        path: 'carrier.send.errorBodies',
        what: 'the body of each error that the carrier documents',
        because: 'the provider has messaging',
      });
      assert.notEqual(bodies.length, 0, 'carrier.send.errorBodies is empty');
      const turns = ['', ...bodies];
      const replies: readonly CarrierReply[] = [
        ...bodies.flatMap((body) => turningPoints.map((status) => ({ status, body }))),
        ...statuses.map((status, index) => ({ status, body: turns[index % turns.length] ?? '' })),
      ];
      let reply: CarrierReply = { status: 500 };
      const answer: Answer = (request, signal) => answering(reply)(request, signal);
      await play(contract, { answer }, async ({ messaging, requests, failureOf }) => {
        for (const [index, next] of replies.entries()) {
          reply = next;
          // One after the other, so that each request is known by its place.
          const error = await failureOf(() => messaging.send(plainMessage));
          assert.equal(requests.length, index + 1, 'a request that sends is never repeated');
          assertDecidedBy(next, error);
        }
      });
    });
  });
}

function assertDecidedBy({ status, body = 'no body' }: CarrierReply, error: TelephonyError): void {
  const reply = `after a ${status} with ${body}`;
  const refused = status >= 400 && status < 500 && !givenUp.has(status);
  const outcome = refused ? 'not-performed' : 'unknown';
  assert.equal(error.outcome, outcome, `the outcome is not ${outcome} ${reply}`);
  if (refused)
    assert.equal(error.httpStatus, status, `httpStatus is not that of the reply ${reply}`);
  if (status >= 500) assert.equal(error.code, 'provider_unavailable', reply);
  if (givenUp.has(status)) assert.equal(error.code, 'timeout', reply);
}
