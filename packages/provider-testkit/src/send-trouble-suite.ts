import assert from 'node:assert/strict';
import type { Outcome, TelephonyErrorCode, TelephonyProvider } from '@openclaw/telephony-core';
import {
  abortingWith,
  type Answer,
  answering,
  breakingOff,
  echoing,
  failingStrangely,
  failingWith,
  timingOut,
} from './answers.ts';
import { contractValues } from './contract-values.ts';
import type { CarrierReply, HttpCarrier } from './fixtures.ts';
import { plainMessage } from './messages.ts';
import { acceptedNeed, requireFixture } from './missing-fixture.ts';
import { play } from './scene.ts';
import type { Suite } from './suite.ts';

interface Trouble {
  readonly name: string;
  readonly answer: (accepted: CarrierReply) => Answer;
  readonly codes: readonly TelephonyErrorCode[];
  readonly outcome: Outcome;
  readonly readsLate?: boolean;
}

const html = { 'content-type': 'text/html' };
const location = 'https://elsewhere.example.com/';
const brokenOff: readonly TelephonyErrorCode[] = ['network', 'malformed_response'];

const troubles: readonly Trouble[] = [
  {
    name: 'an HTML error page that repeats the request',
    answer: () => echoing(502),
    codes: ['provider_unavailable'],
    outcome: 'unknown',
  },
  {
    name: 'a time to wait that makes no sense',
    answer: () => answering({ status: 503, headers: { 'retry-after': contractValues.person } }),
    codes: ['provider_unavailable'],
    outcome: 'unknown',
  },
  {
    name: 'an HTML page with status 200',
    answer: () => echoing(200),
    codes: ['malformed_response'],
    outcome: 'unknown',
  },
  {
    name: 'an HTML page that refuses',
    answer: () => answering({ status: 403, headers: html, body: '<h1>Forbidden</h1>' }),
    codes: ['permission_denied', 'auth_failed', 'provider_unavailable'],
    outcome: 'not-performed',
  },
  {
    name: 'JSON that is cut off, as the whole reply',
    answer: ({ body = '', ...accepted }) =>
      answering({ ...accepted, body: body.slice(0, body.length / 2) }),
    codes: ['malformed_response'],
    outcome: 'unknown',
  },
  {
    name: 'a connection that breaks in the middle of the JSON',
    answer: breakingOff,
    codes: brokenOff,
    outcome: 'unknown',
  },
  {
    name: 'a connection that breaks when the reply is read',
    answer: breakingOff,
    codes: brokenOff,
    outcome: 'unknown',
    readsLate: true,
  },
  ...['{}', '[]', 'null', '"ok"', ''].map((body) => ({
    name: `a friendly reply without an id: ${body === '' ? 'nothing' : body}`,
    answer: ({ status }: CarrierReply) => answering({ status, body }),
    codes: ['malformed_response'] as const,
    outcome: 'unknown' as const,
  })),
  {
    name: 'a redirect, which is not followed',
    answer: () => answering({ status: 307, headers: { location } }),
    codes: ['malformed_response', 'provider_unavailable', 'invalid_request', 'network'],
    outcome: 'unknown',
  },
  {
    name: 'a reply that is longer than any carrier’s',
    answer: ({ status }) => answering({ status, body: 'x'.repeat(2 * 1024 * 1024) }),
    codes: brokenOff,
    outcome: 'unknown',
  },
  { name: 'a time-out', answer: timingOut, codes: ['timeout'], outcome: 'unknown' },
  {
    name: 'a connection that is reset',
    answer: () => failingWith('ECONNRESET'),
    codes: ['network'],
    outcome: 'unknown',
  },
  {
    name: 'a failure of the client that is no error',
    answer: failingStrangely,
    codes: ['network'],
    outcome: 'unknown',
  },
  ...['ECONNREFUSED', 'ENOTFOUND', 'UND_ERR_CONNECT_TIMEOUT'].map((code) => ({
    name: `no connection at all (${code})`,
    answer: () => failingWith(code),
    codes: ['network'] as const,
    outcome: 'not-performed' as const,
  })),
];

/** What happens between us and the carrier. */
export function describeSendTrouble<Provider extends TelephonyProvider>(
  { runner, contract }: Suite<Provider>,
  carrier: HttpCarrier,
): void {
  runner.describe('send, in trouble', () => {
    for (const { name, answer, codes, outcome, readsLate = false } of troubles) {
      runner.it(`${name}: ${outcome}`, async () => {
        const accepted = requireFixture(carrier.send?.accepted, acceptedNeed);
        await play(
          contract,
          { answer: answer(accepted.reply), readsLate },
          async ({ messaging, requests, failureOf }) => {
            const error = await failureOf(() => messaging.send(plainMessage));
            assert.equal(requests.length, 1, 'a request that sends is never repeated');
            assert.ok(
              codes.includes(error.code),
              `the code is ${error.code}, not ${codes.join(' or ')}`,
            );
            assert.equal(error.outcome, outcome, `the outcome is not ${outcome}`);
          },
        );
      });
    }

    runner.it('aborted before the request: nothing leaves', async () => {
      await play(contract, {}, async ({ messaging, requests, failureOf }) => {
        const signal = AbortSignal.abort();
        const { code, outcome } = await failureOf(() => messaging.send(plainMessage, { signal }));
        assert.deepEqual({ code, outcome }, { code: 'aborted', outcome: 'not-performed' });
        assert.equal(requests.length, 0, 'a request left');
      });
    });

    runner.it('aborted while the carrier is at it: unknown', async () => {
      const controller = new AbortController();
      const { signal } = controller;
      await play(
        contract,
        { answer: abortingWith(controller) },
        async ({ messaging, requests, failureOf }) => {
          const { code, outcome } = await failureOf(() => messaging.send(plainMessage, { signal }));
          assert.deepEqual({ code, outcome }, { code: 'aborted', outcome: 'unknown' });
          assert.equal(requests.length, 1);
        },
      );
    });
  });
}
