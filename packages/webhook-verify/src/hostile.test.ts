import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { verdictOf } from '../test/vectors.ts';
import {
  WebhookVerificationError,
  createReplayGuard,
  createMemoryReplayStore,
  resolveSignedUrl,
  signPlivoV2Webhook,
  signPlivoV3Webhook,
  signTelnyxWebhook,
  signTwilioWebhook,
  verifyPlivoRequest,
  verifyPlivoWebhook,
  verifyTelnyxRequest,
  verifyTelnyxWebhook,
  verifyTelnyxWebhookAsync,
  verifyTwilioRequest,
  verifyTwilioWebhook,
} from './index.ts';

const functions = Object.entries({
  verifyTwilioWebhook,
  verifyTwilioRequest,
  verifyTelnyxWebhook,
  verifyTelnyxWebhookAsync,
  verifyTelnyxRequest,
  verifyPlivoWebhook,
  verifyPlivoRequest,
  signTwilioWebhook,
  signTelnyxWebhook,
  signPlivoV3Webhook,
  signPlivoV2Webhook,
  resolveSignedUrl,
});

/** Resolves to what was thrown, now or later; to undefined when nothing was. */
async function thrownBy(call: () => unknown): Promise<unknown> {
  try {
    await call();
    return undefined;
  } catch (error) {
    return error;
  }
}

const strange = fc.oneof(
  fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }),
  fc.constantFrom<unknown>(Symbol('x'), () => 1, new Headers(), new Uint8Array(3), 'é'.repeat(28)),
);
const headerNames = [
  'x-twilio-signature',
  'telnyx-signature-ed25519',
  'telnyx-timestamp',
  'x-plivo-signature-v3',
  'x-plivo-signature-v3-nonce',
  'x-plivo-signature-v2',
  'x-plivo-signature-v2-nonce',
  'host',
];
const strangeHeaders = fc
  .array(strange, { minLength: headerNames.length, maxLength: headerNames.length })
  .map((values) => Object.fromEntries(headerNames.map((name, index) => [name, values[index]])));
const strangeRequest = fc.oneof(
  strange,
  fc.record({
    method: fc.oneof(fc.constantFrom('POST', 'GET'), strange),
    url: fc.oneof(fc.constantFrom('https://a.example/x', 'x', '://', 'https://'), strange),
    target: fc.oneof(fc.constantFrom('/x', '//x'), strange),
    headers: fc.oneof(strangeHeaders, strange),
    body: fc.oneof(fc.uint8Array(), fc.string(), strange),
  }),
);
const strangeOptions = fc.oneof(
  strange,
  fc.record({
    authToken: fc.oneof(fc.constantFrom<unknown>('a', ['a', ''], []), strange),
    publicKey: strange,
    privateKey: strange,
    publicUrl: strange,
    now: fc.constantFrom<unknown>(
      undefined,
      3,
      () => Number.NaN,
      () => {
        throw new Error('no clock');
      },
    ),
    maxBodyBytes: fc.oneof(fc.constant(undefined), strange),
    nonce: strange,
    trustedProxyIPs: strange,
    allowedHosts: strange,
  }),
);

describe.each(functions)('%s', (_, target) => {
  /** As JavaScript callers do, who have no types. */
  const call = (...parameters: readonly unknown[]): unknown =>
    Reflect.apply(target, undefined, parameters);

  it('throws nothing but its own error, whatever it is given', async () => {
    await fc.assert(
      fc.asyncProperty(strangeRequest, strangeOptions, async (request, options) => {
        const error = await thrownBy(() => call(request, options));
        expect(error === undefined || WebhookVerificationError.isInstance(error)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('keeps what a hostile getter throws to itself', async () => {
    const trap = new Proxy(
      {},
      {
        get() {
          throw new Error('the secret is 42');
        },
      },
    );
    const error = await thrownBy(() => call(trap, trap));
    expect(error).toMatchObject({
      reason: 'malformed_request',
      message:
        'The request or the options could not be read: pass { method, url, headers, body } with plain values.',
    });
    expect(error).not.toHaveProperty('cause');
    expect(String(error)).not.toContain('42');
  });
});

it('refuses a signature of 28 letters that are not ASCII, without a crash', () => {
  const headers = { 'x-twilio-signature': 'é'.repeat(28) };
  const request = { method: 'POST', url: 'https://a.example/', headers, body: '' };
  expect(() => verifyTwilioWebhook(request, { authToken: 'x' })).toThrowError(
    expect.objectContaining({ reason: 'malformed_header' }),
  );
});

it('does not trust what a hostile getter throws', () => {
  const thrown = new Proxy(new WebhookVerificationError('missing_header', 'x'), {
    getPrototypeOf() {
      throw new Error('the secret is 42');
    },
  });
  const request = {
    get method(): string {
      throw thrown;
    },
    url: 'https://a.example/',
    headers: {},
    body: '',
  };
  expect(verdictOf(() => verifyTwilioWebhook(request, { authToken: 'x' }))).toBe(
    'malformed_request',
  );
});

it('recognises its errors across installed copies of the package', () => {
  const foreign = { [Symbol.for('@openclaw/webhook-verify/WebhookVerificationError')]: true };
  expect(WebhookVerificationError.isInstance(foreign)).toBe(true);
  expect(
    WebhookVerificationError.isInstance(new WebhookVerificationError('missing_header', 'x')),
  ).toBe(true);
  expect(WebhookVerificationError.isInstance(new Error('x'))).toBe(false);
  expect(WebhookVerificationError.isInstance(null)).toBe(false);
  expect(WebhookVerificationError.isInstance('x')).toBe(false);
});

it('names itself in the error', () => {
  const error = new WebhookVerificationError('missing_header', 'The request has no x header.');
  expect(error).toBeInstanceOf(Error);
  expect(Reflect.get(error, Symbol.for('@openclaw/webhook-verify/WebhookVerificationError'))).toBe(
    true,
  );
  expect(error).toMatchObject({ name: 'WebhookVerificationError', reason: 'missing_header' });
  expect(String(error)).toBe('WebhookVerificationError: The request has no x header.');
});

it('exports the replay guard too', () => {
  expect(createReplayGuard({ store: createMemoryReplayStore() })).toHaveProperty('run');
});
