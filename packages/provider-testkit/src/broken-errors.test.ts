import { createFetchTransport, TelephonyError } from '@openclaw/telephony-core';
import { describe, expect, it } from 'vitest';
import {
  copyOf,
  detailsOf,
  withFailure,
  withMessaging,
  withoutTime,
  withSend,
  withStage,
  withTransport,
} from './broken-provider.testing.ts';
import { failuresOf } from './collecting-runner.testing.ts';
import { createPigeonProvider, pigeonContract } from './pigeon-contract.testing.ts';
import { createPigeonMessaging, pigeon, pigeonError } from './pigeon-messaging.testing.ts';

const basic = btoa(`user:${pigeon.apiKey}`);

describe('a provider that fails badly', () => {
  it.each([
    [
      'repeats a request that sends after a 5xx',
      withTransport((transport) => async (request) => {
        const response = await transport(request);
        return response.status >= 500 ? transport(request) : response;
      }),
      /500: a request that sends is never repeated/u,
    ],
    [
      'repeats a request that sends after a time-out',
      withTransport((transport) => (request) => transport(request).catch(() => transport(request))),
      /a time-out: unknown: a request that sends is never repeated/u,
    ],
    [
      'follows redirects',
      withStage((stage) => ({
        ...stage,
        transport: createFetchTransport({
          fetch: (input, init) => stage.fetch(input, { ...init, redirect: 'follow' }),
        }),
      })),
      /a redirect, which is not followed: unknown: a request that sends is never repeated/u,
    ],
    [
      'says not-performed of a time-out',
      withFailure((error) =>
        error.code === 'timeout' ? copyOf(error, { outcome: 'not-performed' }) : error,
      ),
      /a time-out: unknown: the outcome is not unknown/u,
    ],
    [
      'says unknown where there was no connection',
      withFailure((error) => copyOf(error, { outcome: 'unknown' })),
      /no connection at all \(ECONNREFUSED\): not-performed: the outcome is not not-performed/u,
    ],
    [
      'calls a refusal by another name',
      withFailure((error) =>
        error.code === 'recipient_opted_out'
          ? pigeonError('invalid_request', detailsOf(error))
          : error,
      ),
      /opted out: the code is invalid_request, not recipient_opted_out/u,
    ],
    [
      'drops the time to wait',
      withFailure((error) => withoutTime(error)),
      /429 with a time to wait: retryAfterMs is another/u,
    ],
    [
      'makes up a time to wait',
      withFailure((error) => copyOf(error, { retryAfterMs: 1000 })),
      /429 without a time to wait: retryAfterMs is made up/u,
    ],
    [
      'throws an error of its own',
      withFailure((error) => new Error(error.code)),
      /failed with something else than a TelephonyError: Error/u,
    ],
    [
      'repeats the number of the person in the message of an error',
      withFailure((error, { to }) => copyOf(error, {}, `could not send to ${to}`)),
      /the error shows the number of the person/u,
    ],
    [
      'hides the text in the cause of an error',
      withFailure((error, message) => copyOf(error, { cause: { request: { message } } })),
      /the error shows .*the text of the message/u,
    ],
    [
      'hides a secret in a property that is not enumerable',
      withFailure((error) => Object.defineProperty(error, 'key', { value: pigeon.apiKey })),
      /the error shows secrets\[0\]/u,
    ],
    [
      'shows its password as it was encoded',
      withMessaging((_, stage) => {
        const messaging = createPigeonMessaging({
          ...stage,
          transport: (request) =>
            stage.transport({ ...request, headers: { authorization: `Basic ${basic}` } }),
        });
        return {
          send: (message, options) =>
            messaging.send(message, options).catch((error: TelephonyError) => {
              throw copyOf(error, {}, `nobody likes ${basic}`);
            }),
        };
      }),
      /the error shows the value of the Authorization header/u,
    ],
    [
      'writes the text to the console',
      withSend((send) => (message, options) => {
        console.warn('sending', message);
        return send(message, options);
      }),
      /a log line shows the number of the person, our own number in full, the text of the message/u,
    ],
    [
      'writes the text to its logger',
      withSend((send, { log }) => (message, options) => {
        log('sending %s', message.text);
        return send(message, options);
      }),
      /a log line shows the text of the message/u,
    ],
    [
      'puts a secret into the URL',
      withTransport((transport) => (request) => {
        const url = new URL(request.url);
        url.searchParams.set('key', pigeon.apiKey);
        return transport({ ...request, url });
      }),
      /a URL or a body shows a secret/u,
    ],
    [
      'takes a reply without an id for a success',
      withSend(
        (send) => (message, options) =>
          send(message, options).catch((error: unknown) => {
            if (!(error instanceof TelephonyError) || error.code !== 'malformed_response')
              throw error;
            return { messageId: 'made-up', status: 'accepted', warnings: [], raw: {} };
          }),
      ),
      /a friendly reply without an id: \{\}: unknown: it should have failed/u,
    ],
    [
      'does not notice that it was aborted',
      withSend((send) => (message) => send(message)),
      /aborted before the request: nothing leaves: it should have failed/u,
    ],
    [
      'does not tell the carrier to stop',
      withTransport(
        (transport) => (request) => transport({ ...request, signal: new AbortController().signal }),
      ),
      /aborted while the carrier is at it: unknown: /u,
    ],
    [
      'says of a broken carrier what it says of a refusal',
      withFailure((error) =>
        error.httpStatus === 500 && error.providerCode === 'P422'
          ? copyOf(error, { outcome: 'not-performed' })
          : error,
      ),
      /the status decides what may exist.*: the outcome is not unknown after a 500 with .*P422/u,
    ],
    [
      'takes a proxy that gave up for a refusal',
      withFailure((error) =>
        error.httpStatus === 499 ? copyOf(error, { outcome: 'not-performed' }) : error,
      ),
      /the status decides what may exist.*: the outcome is not unknown after a 499/u,
    ],
    [
      'repeats a request that sends after one status among many',
      withTransport((transport) => async (request) => {
        const response = await transport(request);
        return response.status === 408 ? transport(request) : response;
      }),
      /the status decides what may exist.*: a request that sends is never repeated/u,
    ],
    [
      'needs the words of the carrier to know a status',
      withFailure((error) =>
        error.httpStatus === 402 && error.providerCode === undefined
          ? pigeonError('invalid_request', detailsOf(error))
          : error,
      ),
      /a 402 without a word: account_blocked: the code is invalid_request/u,
    ],
    [
      'does not read dates',
      withFailure((error) => (error.retryAfterMs === 30_000 ? withoutTime(error) : error)),
      /429 with a date to come back at .*: retryAfterMs is not the time until the date/u,
    ],
    [
      'takes it for granted that a reply can be read',
      withMessaging(({ send }, stage) => ({
        async send(message, options) {
          const url = new URL(`${pigeon.origin}/messages`);
          const receipt = await send(message, options).catch((error: unknown) => error);
          if (!(receipt instanceof TelephonyError) || receipt.code !== 'network') {
            return send(message, options);
          }
          const response = await stage.transport({ method: 'POST', url, headers: {} });
          await response.text();
          throw receipt;
        },
      })),
      /a connection that breaks when the reply is read: unknown: it failed with something else/u,
    ],
    [
      'hands on what is no error',
      withFailure((error) => (error.message.includes('(') ? error : error.message)),
      /a failure of the client that is no error: unknown: it failed with something else/u,
    ],
  ])('fails the kit: it %s', async (_, contract, expected) => {
    expect((await failuresOf(contract)).join('\n')).toMatch(expected);
  });

  it('fails the kit when its secrets can be seen', async () => {
    const contract = pigeonContract((stage) => ({
      ...createPigeonProvider(stage),
      options: { apiKey: pigeon.apiKey },
    }));
    expect(await failuresOf(contract)).toEqual([
      'the provider > shows no secret when it is printed: the provider shows secrets[0]',
    ]);
  });
});
