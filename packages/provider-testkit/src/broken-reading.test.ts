import type { TelephonyError } from '@openclaw/telephony-core';
import { describe, expect, it } from 'vitest';
import { copyOf, withMessaging } from './broken-provider.testing.ts';
import { failuresOf } from './collecting-runner.testing.ts';
import { pigeon, pigeonError } from './pigeon-messaging.testing.ts';

describe('a provider that reads badly', () => {
  it.each([
    [
      'lets an id choose the path',
      withMessaging((_, { transport }) => ({
        async getMessage(id) {
          const url = new URL(`${pigeon.origin}/messages/${id}`);
          const response = await transport({ method: 'GET', url, headers: {} });
          return { status: 'delivered', raw: await response.text() };
        },
      })),
      /never lets the id "\.\.\/\.\.\/x" ask for something else: the id changed the path/u,
    ],
    [
      'says unknown of a read that failed',
      withMessaging(({ getMessage }) => ({
        getMessage: (id, options) =>
          getMessage(id, options).catch((error: TelephonyError) => {
            throw copyOf(error, { outcome: 'unknown' });
          }),
      })),
      /can be asked again after a time-out: reading leaves nothing behind/u,
    ],
    [
      'shows every host of media its credentials',
      withMessaging((_, { fetch }) => ({
        fetchMedia: ({ url }) => fetch(url, { headers: { authorization: pigeon.apiKey } }),
      })),
      /shows a foreign origin no credentials: a foreign origin saw the credentials/u,
    ],
    [
      'takes its own header along on a redirect',
      withMessaging((_, { fetch }) => ({
        fetchMedia: ({ url }) =>
          fetch(url, { headers: url.origin === pigeon.origin ? { 'x-key': pigeon.apiKey } : {} }),
      })),
      /follows a redirect to https:\/\/files.* without the credentials: a foreign origin saw/u,
    ],
    [
      'takes a host for the carrier’s because it begins with the same name',
      withMessaging(({ fetchMedia }, { fetch }) => ({
        async fetchMedia(media, options) {
          const { headers } = await fetch(media.url, { redirect: 'manual' });
          const location = headers.get('location') ?? '';
          return location.startsWith(`${pigeon.origin}.`)
            ? fetch(location, { headers: { authorization: pigeon.apiKey } })
            : fetchMedia(media, options);
        },
      })),
      /a redirect to https:\/\/api\.pigeon\.example\.com\.example\.com.* without the credentials: a foreign/u,
    ],
    [
      'lets a stranger choose what it asks in our name',
      withMessaging((_, { fetch }) => ({
        async fetchMedia({ url: first }) {
          let url = first;
          let response = new Response();
          for (let hop = 0; hop < 5; hop += 1) {
            const headers = url.origin === pigeon.origin ? { authorization: pigeon.apiKey } : {};
            response = await fetch(url, { headers, redirect: 'manual' });
            const location = response.headers.get('location');
            if (location === null) break;
            url = new URL(location, url);
          }
          return response;
        },
      })),
      /once it has been elsewhere: a stranger led the credentials/u,
    ],
    [
      'gathers a file before it returns it',
      withMessaging(({ fetchMedia }) => ({
        async fetchMedia(media, options) {
          const response = await fetchMedia(media, options);
          return new Response(await response.arrayBuffer(), response);
        },
      })),
      /does not gather a file that is too large: it is streamed, or refused: the file was read/u,
    ],
    [
      'asks whatever host an inbound message names',
      withMessaging(({ fetchMedia }, { fetch }) => ({
        fetchMedia: (media, options) =>
          media.url.hostname === '169.254.169.254' ? fetch(media.url) : fetchMedia(media, options),
      })),
      /does not ask https:\/\/169\.254\.169\.254\/latest\/meta-data: it should have failed/u,
    ],
    [
      'breaks on a redirect to nowhere',
      withMessaging(({ fetchMedia }) => ({
        fetchMedia: (media, options) =>
          fetchMedia(media, options).catch((error: TelephonyError) => {
            throw error.code === 'malformed_response' ? new TypeError('Invalid URL') : error;
          }),
      })),
      /gives up on a redirect to nowhere: it failed with something else/u,
    ],
    [
      'reads on when its caller has stopped',
      withMessaging(({ fetchMedia }) => ({
        fetchMedia: (media, options) =>
          fetchMedia(media, options?.signal?.aborted === true ? options : {}),
      })),
      /stops when its caller does, while the carrier is at it: it should have failed/u,
    ],
    [
      'does not know where a relative redirect leads',
      withMessaging(({ fetchMedia }, { fetch }) => ({
        async fetchMedia(media, options) {
          const response = await fetch(media.url, { redirect: 'manual' });
          const location = response.headers.get('location') ?? 'https://files.example.com/';
          if (!URL.canParse(location)) throw pigeonError('malformed_response');
          return fetchMedia(media, options);
        },
      })),
      /follows a relative redirect: /u,
    ],
    [
      'does not know the number of an opt-out',
      withMessaging(() => ({ errorCodeOf: () => undefined })),
      /knows the carrier’s number for an opt-out/u,
    ],
    [
      'guesses at numbers that nobody knows',
      withMessaging(() => ({ errorCodeOf: () => 'recipient_opted_out' })),
      /nothing of a number that nobody knows: it guesses/u,
    ],
  ])('fails the kit: it %s', async (_, contract, expected) => {
    expect((await failuresOf(contract)).join('\n')).toMatch(expected);
  });
});
