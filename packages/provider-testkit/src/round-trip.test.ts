import {
  createFetchTransport,
  type HttpTransport,
  type NumberSetup,
  TelephonyError,
  type TelephonyProvider,
} from '@openclaw/telephony-core';
import { describe, expect, it } from 'vitest';
import { copyOf } from './broken-provider.testing.ts';
import { collectResults, failuresIn } from './collecting-runner.testing.ts';
import { contractValues } from './contract-values.ts';
import { pigeonSecret, startPigeonCarrier } from './pigeon-carrier.testing.ts';
import {
  createPigeonMessaging,
  parseRecord,
  pigeon,
  pigeonError,
} from './pigeon-messaging.testing.ts';
import { createPigeonWebhooks } from './pigeon-webhooks.testing.ts';
import type { RoundTripContract, RoundTripOptions } from './round-trip-fixtures.ts';
import { runRoundTrip } from './run-round-trip.ts';

const now = (): Date => contractValues.now;

function pigeonNumbers(baseUrl: string, transport: HttpTransport): NumberSetup {
  const ask = async (method: 'GET' | 'POST', number: string, body?: string) => {
    const response = await transport({
      method,
      url: new URL(`/numbers/${number}`, baseUrl),
      headers: { authorization: `Bearer ${pigeon.apiKey}` },
      ...(body === undefined ? {} : { body }),
    });
    if (response.status === 404) throw pigeonError('not_found');
    const url = parseRecord(await response.text())?.['url'];
    return { messageUrl: typeof url === 'string' ? URL.parse(url) : null };
  };
  return {
    inspect: (number) => ask('GET', number),
    async apply(number, { messageUrl }) {
      const before = await ask('GET', number);
      await ask('POST', number, JSON.stringify({ url: messageUrl?.href ?? '' }));
      return before;
    },
  };
}

function createPigeon(options: RoundTripOptions) {
  const { baseUrl, transport: given = createFetchTransport(), hasWrongCredentials } = options;
  const transport: HttpTransport =
    hasWrongCredentials === true
      ? (request) => given({ ...request, headers: { authorization: 'Bearer wrong' } })
      : given;
  const stage = { transport, fetch: globalThis.fetch, now };
  return {
    specVersion: 'v1',
    id: pigeon.id,
    messaging: createPigeonMessaging(stage, baseUrl),
    webhooks: createPigeonWebhooks(stage, [pigeonSecret], 'bytes'),
    numberSetup: pigeonNumbers(baseUrl, transport),
  } as const satisfies TelephonyProvider;
}
type Pigeon = ReturnType<typeof createPigeon>;

const honest: RoundTripContract = {
  startCarrier: startPigeonCarrier,
  createProvider: createPigeon,
  now,
  secrets: [pigeon.apiKey],
  undeliverable: [{ to: '+15005551003', status: 'failed', carrierErrorCode: '30003' }],
  refused: [
    { to: '+15005550001', code: 'invalid_recipient', providerCode: 'P422' },
    { to: '+15005550004', code: 'recipient_opted_out', providerCode: 'P410' },
  ],
  wrongCredentials: { providerCode: 'P401' },
  error: { number: 402, code: 'account_blocked' },
  foreignSender: { from: '+15550100199' },
  afterStop: 'refused',
  media: { path: '/media/1', authorization: `Bearer ${pigeon.apiKey}` },
};
const failuresOf = async (change: Partial<typeof honest>): Promise<string> => {
  const results = await collectResults((runner) => runRoundTrip({ ...honest, ...change }, runner));
  return failuresIn(results).join('\n');
};
/** A provider that is another in one way. */
const broken = (change: (honestOne: Pigeon, options: RoundTripOptions) => object) => ({
  createProvider: (options: RoundTripOptions): TelephonyProvider => {
    const pigeonOfOptions = createPigeon(options);
    return { ...pigeonOfOptions, ...change(pigeonOfOptions, options) };
  },
});
const brokenSend = (change: (send: Pigeon['messaging']['send']) => Pigeon['messaging']['send']) =>
  broken(({ messaging }) => ({ messaging: { ...messaging, send: change(messaging.send) } }));

describe('the round trip', () => {
  it('passes a provider that keeps the contract', async () => {
    expect(await failuresOf({})).toBe('');
  });

  it('asks for nothing that a provider does not claim', async () => {
    const modest = broken(({ messaging: { capabilities, send, errorCodeOf } }) => ({
      messaging: { capabilities: { ...capabilities, optOut: 'application' }, send, errorCodeOf },
      numberSetup: undefined,
    }));
    const { media: _, afterStop: __, ...fewer } = honest;
    const results = await collectResults((runner) => runRoundTrip({ ...fewer, ...modest }, runner));
    expect(failuresIn(results)).toEqual([]);
    expect(results.map(({ name }) => name).join('\n')).not.toMatch(/picture|STOP|setting up/u);
  });

  it('says which fixture is missing, and why it is needed', async () => {
    const { startCarrier, createProvider, secrets } = honest;
    const results = await collectResults((runner) =>
      runRoundTrip({ startCarrier, createProvider, secrets, now }, runner),
    );
    const failures = failuresIn(results).join('\n');
    for (const path of [
      'undeliverable',
      'refused',
      'wrongCredentials',
      'error',
      'foreignSender',
      'afterStop',
      'media',
    ]) {
      expect(failures).toContain(`the fixture ${path} is missing: `);
    }
    expect(failures).toContain('because the provider claims capabilities.optOut: carrier');
  });

  it.each([
    [
      'sends twice after a broken answer',
      brokenSend(
        (send) => (message, options) =>
          send(message, options).catch((error: TelephonyError) => {
            if (error.code === 'malformed_response') return send(message, options);
            throw error;
          }),
      ),
      /"cut-off-json".*is malformed_response with the outcome unknown: /u,
    ],
    [
      'says not-performed of a connection that broke',
      brokenSend(
        (send) => (message, options) =>
          send(message, options).catch((error: TelephonyError) => {
            throw error.code === 'network' ? copyOf(error, { outcome: 'not-performed' }) : error;
          }),
      ),
      /"drop-after-accept".*is network with the outcome unknown: /u,
    ],
    [
      'shows the number of the person in an error',
      brokenSend(
        (send) => (message, options) =>
          send(message, options).catch((error: TelephonyError) => {
            throw copyOf(error, {}, `could not send to ${message.to}`);
          }),
      ),
      /nothing was sent where nobody listens: the error shows the number of the person/u,
    ],
    [
      'passes on another text',
      brokenSend((send) => (message, options) => send({ ...message, text: 'hello' }, options)),
      /arrives, and its receipts come back verified: Expected values to be/u,
    ],
    [
      'asks for no receipts',
      brokenSend(
        (send) =>
          ({ to, from, text = '' }, options) =>
            send({ to, from, text }, options),
      ),
      /arrives, and its receipts come back verified: no receipt came/u,
    ],
    [
      'believes everything',
      broken(({ webhooks }) => ({
        webhooks: {
          ...webhooks,
          verify(request: Parameters<typeof webhooks.verify>[0]) {
            try {
              return webhooks.verify(request);
            } catch {
              return request;
            }
          },
        },
      })),
      /is refused when one byte of it was changed: /u,
    ],
    [
      'answers webhooks with an error',
      broken(({ webhooks }) => ({ webhooks: { ...webhooks, acknowledgement: { status: 500 } } })),
      /arrives, and so does the same one again, with the same key: it was not acknowledged/u,
    ],
    [
      'shows every host its credentials',
      broken(({ messaging }) => ({
        messaging: {
          ...messaging,
          fetchMedia: async ({ url }: { readonly url: URL }) => {
            const headers = { authorization: `Bearer ${pigeon.apiKey}` };
            const { headers: answer } = await fetch(url, { headers, redirect: 'manual' });
            return fetch(new URL(answer.get('location') ?? '', url), { headers });
          },
        },
      })),
      /no credentials reach the last host: the last host saw a secret/u,
    ],
    [
      'does not prove who it is to the carrier’s own host',
      broken(({ messaging }) => ({
        messaging: { ...messaging, fetchMedia: ({ url }: { readonly url: URL }) => fetch(url) },
      })),
      /the carrier’s host alone sees the credentials: Expected values to be/u,
    ],
    [
      'forgets what was set on a number',
      broken(({ numberSetup }) => ({
        numberSetup: {
          ...numberSetup,
          apply: async (...parameters: Parameters<NumberSetup['apply']>) => {
            await numberSetup.apply(...parameters);
            return {};
          },
        },
      })),
      /points the carrier at us.*: it does not tell what was there/u,
    ],
    [
      'finds every number',
      broken(({ numberSetup }) => ({
        numberSetup: { ...numberSetup, inspect: async () => ({ messageUrl: null }) },
      })),
      /of somebody else is not found: it should have failed/u,
    ],
  ])('fails a provider that %s', async (_, change, expected) => {
    expect(await failuresOf(change)).toMatch(expected);
  });
});
