import assert from 'node:assert/strict';
import type {
  TelephonyError,
  TelephonyErrorCode,
  TelephonyProvider,
} from '@openclaw/telephony-core';
import { answering } from './answers.ts';
import { contractValues } from './contract-values.ts';
import type { CarrierFailure, HttpCarrier, Never, SendFailureFixtures } from './fixtures.ts';
import { plainMessage } from './messages.ts';
import { type FixtureNeed, isNever, itWithFixture } from './missing-fixture.ts';
import { play, type Scene } from './scene.ts';
import type { Suite } from './suite.ts';

/** A refusal, and what the contract calls it. */
interface Refusal {
  readonly fixture: Exclude<keyof SendFailureFixtures, 'rateLimited' | 'serverError'>;
  readonly name: string;
  readonly codes: readonly TelephonyErrorCode[];
}

const refusals: readonly Refusal[] = [
  { fixture: 'badCredentials', name: 'bad credentials', codes: ['auth_failed'] },
  { fixture: 'invalidRecipient', name: 'an invalid recipient', codes: ['invalid_recipient'] },
  { fixture: 'optedOut', name: 'a recipient who opted out', codes: ['recipient_opted_out'] },
  {
    fixture: 'senderNotAllowed',
    name: 'a sender that may not send',
    codes: ['sender_not_allowed'],
  },
  { fixture: 'contentRejected', name: 'content that is rejected', codes: ['content_rejected'] },
  { fixture: 'noFunds', name: 'no funds', codes: ['account_blocked', 'limit_reached'] },
];

/**
 * What a status says by itself, where the carrier, or whatever stands before it, adds no word of its own. Proxies answer
 * 403 and 404 as well, so it may also be taken for one of those.
 */
const bareStatuses: readonly (readonly [status: number, ...codes: TelephonyErrorCode[]])[] = [
  [400, 'invalid_request'],
  [401, 'auth_failed'],
  [402, 'account_blocked'],
  [403, 'permission_denied', 'provider_unavailable'],
  [404, 'not_found', 'provider_unavailable'],
  [429, 'rate_limited'],
];
const waitMs = 30_000;

const needOf = (fixture: keyof SendFailureFixtures, name: string): FixtureNeed => ({
  path: `carrier.send.failures.${fixture}`,
  what: `what the carrier answers to ${name}, or { never: why not }`,
  because: 'the provider has messaging',
});

/** What the carrier refuses, in its own words. */
export function describeSendRefusals<Provider extends TelephonyProvider>(
  suite: Suite<Provider>,
  carrier: HttpCarrier,
): void {
  const { runner, contract } = suite;
  const failures = carrier.send?.failures ?? {};
  runner.describe('send, refused by the carrier', () => {
    for (const { fixture, name, codes } of refusals) {
      const given: CarrierFailure | Never | undefined = failures[fixture];
      itWithFixture(runner, name, given, needOf(fixture, name), (failure) =>
        play(contract, { answer: answering(failure.reply) }, async (scene) => {
          const error = await sendAndFail(scene, failure);
          assert.ok(
            codes.includes(error.code),
            `the code is ${error.code}, not ${codes.join(' or ')}`,
          );
          assert.equal(error.outcome, 'not-performed', 'the carrier refused: nothing was sent');
        }),
      );
    }

    const { rateLimited, serverError } = failures;
    const limitNeed = needOf('rateLimited', 'too many requests');
    itWithFixture(runner, '429 with a time to wait', rateLimited, limitNeed, (failure) =>
      play(contract, { answer: answering(failure.reply) }, async (scene) => {
        const error = await sendAndFail(scene, failure);
        assertRateLimited(error);
        assert.equal(error.retryAfterMs, failure.retryAfterMs, 'retryAfterMs is another');
      }),
    );
    for (const [status, ...codes] of bareStatuses) {
      const wanted = codes.join(' or ');
      for (const body of ['', '<html>']) {
        const words = body === '' ? 'without a word' : 'with a page in HTML';
        runner.it(`a ${status} ${words}: ${wanted}`, async () => {
          const reply = { status, headers: {}, body };
          await play(contract, { answer: answering(reply) }, async (scene) => {
            const error = await sendAndFail(scene, { reply });
            assert.ok(codes.includes(error.code), `the code is ${error.code}, not ${wanted}`);
            assert.equal(error.outcome, 'not-performed', 'the carrier refused: nothing was sent');
          });
        });
      }
    }

    if (!isNever(rateLimited)) {
      const dated = '429 with a date to come back at (RFC 9110 §10.2.3)';
      itWithFixture(runner, dated, rateLimited, limitNeed, (failure) => {
        const date = new Date(contractValues.now.getTime() + waitMs).toUTCString();
        const headers = { ...failure.reply.headers, 'retry-after': date };
        const reply = { ...failure.reply, headers };
        return play(contract, { answer: answering(reply) }, async (scene) => {
          const error = await sendAndFail(scene, { ...failure, reply });
          assertRateLimited(error);
          assert.equal(error.retryAfterMs, waitMs, 'retryAfterMs is not the time until the date');
        });
      });
      const name = '429 without a time to wait';
      itWithFixture(runner, name, rateLimited, limitNeed, (failure) => {
        const { headers: _, ...reply } = failure.reply;
        return play(contract, { answer: answering(reply) }, async (scene) => {
          const error = await sendAndFail(scene, { ...failure, reply });
          assertRateLimited(error);
          assert.equal(error.retryAfterMs, undefined, 'retryAfterMs is made up');
        });
      });
    }
    const errorNeed = needOf('serverError', 'a request at which it breaks');
    itWithFixture(runner, '500', serverError, errorNeed, (failure) =>
      play(contract, { answer: answering(failure.reply) }, async (scene) => {
        const error = await sendAndFail(scene, failure);
        assert.equal(error.code, 'provider_unavailable');
        assert.equal(error.outcome, 'unknown', 'after a 5xx the message may exist');
      }),
    );
  });
}

async function sendAndFail<Provider extends TelephonyProvider>(
  { messaging, requests, failureOf }: Scene<Provider>,
  { reply, providerCode }: CarrierFailure,
): Promise<TelephonyError> {
  const error = await failureOf(() => messaging.send(plainMessage));
  assert.equal(requests.length, 1, 'a request that sends is never repeated');
  assert.equal(error.httpStatus, reply.status, 'httpStatus is not that of the reply');
  assert.equal(error.providerCode, providerCode, 'providerCode is not that of the reply');
  return error;
}

function assertRateLimited({ code, outcome }: TelephonyError): void {
  assert.equal(code, 'rate_limited');
  assert.equal(outcome, 'not-performed', 'the carrier refused: nothing was sent');
}
