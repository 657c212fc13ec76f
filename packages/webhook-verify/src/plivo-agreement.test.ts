import { expect, it } from 'vitest';
import fc from 'fast-check';
import { plivoV2SdkAccepts, plivoV3SdkAccepts } from '../test/agreement.ts';
import { encodeForm, fields, asciiSecret, nameUrl, style } from '../test/requests.ts';
import { verdictOf } from '../test/vectors.ts';
import { signPlivoV2Webhook, signPlivoV3Webhook, verifyPlivoWebhook } from './plivo.ts';

const nonce = fc.stringMatching(/^[0-9A-Za-z.-]{1,20}$/u);
const cases = fc.record({
  authToken: asciiSecret,
  url: nameUrl,
  pairs: fields,
  method: fc.constantFrom('POST', 'POST', 'GET'),
  formStyle: style,
  nonce,
  change: fc.constantFrom('nothing', 'body', 'url', 'token', 'nonce', 'order'),
});
type Case = typeof cases extends fc.Arbitrary<infer Value> ? Value : never;

const changes: Readonly<Record<Case['change'], (given: Case) => Case>> = {
  nothing: (given) => given,
  body: (given) => ({ ...given, pairs: [...given.pairs, ['Extra', '1']] }),
  url: (given) => ({ ...given, url: `${given.url}x` }),
  token: (given) => ({ ...given, authToken: `${given.authToken}x` }),
  nonce: (given) => ({ ...given, nonce: `${given.nonce}x` }),
  order: (given) => ({ ...given, pairs: given.pairs.toReversed() }),
};

const bodyOf = ({ method, pairs, formStyle }: Case): string =>
  method === 'POST' ? encodeForm(pairs, formStyle) : '';

it('agrees with the SDK on 5 000 generated V3 requests', () => {
  const disagreements: string[] = [];
  let acceptedCount = 0;
  fc.assert(
    fc.property(cases, (given) => {
      const unsigned = { ...given, headers: {}, body: bodyOf(given) };
      const headers = signPlivoV3Webhook(unsigned, given);
      const received = changes[given.change](given);
      const rawBody = bodyOf(received);
      headers['x-plivo-signature-v3-nonce'] = received.nonce;
      const signature = headers['x-plivo-signature-v3'] ?? '';
      const sdk = plivoV3SdkAccepts({ ...received, rawBody, signature });
      const ours = verdictOf(() =>
        verifyPlivoWebhook({ ...received, headers, body: rawBody }, received),
      );
      if (ours === 'accepted') acceptedCount += 1;
      if ((ours === 'accepted') !== sdk)
        disagreements.push(`${received.url} ${rawBody} ${ours} ${received.change}`);
    }),
    { numRuns: 5000, seed: 20_261_120 },
  );
  expect(acceptedCount).toBeGreaterThan(1000);
  expect(disagreements).toEqual([]);
});

it('agrees with the SDK on 5 000 generated V2 requests', () => {
  const disagreements: string[] = [];
  fc.assert(
    fc.property(cases, (given) => {
      const headers = signPlivoV2Webhook({ ...given, headers: {}, body: bodyOf(given) }, given);
      const received = changes[given.change](given);
      headers['x-plivo-signature-v2-nonce'] = received.nonce;
      const signature = headers['x-plivo-signature-v2'] ?? '';
      const sdk = plivoV2SdkAccepts({ ...received, signature });
      const ours = verdictOf(() =>
        verifyPlivoWebhook({ ...received, headers, body: bodyOf(received) }, received),
      );
      if ((ours === 'accepted') !== sdk)
        disagreements.push(`${received.url} ${ours} ${received.change}`);
    }),
    { numRuns: 5000, seed: 20_261_120 },
  );
  expect(disagreements).toEqual([]);
});
