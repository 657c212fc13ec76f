import type { TelephonyError } from '@openclaw/telephony-core';
import { describe, expect, it } from 'vitest';
import { copyOf, withMessaging } from './broken-provider.testing.ts';
import { failuresOf } from './collecting-runner.testing.ts';
import { pigeon } from './pigeon-messaging.testing.ts';

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
      /follows a redirect to another host without the credentials: a foreign origin saw/u,
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
  ])('fails the kit: it %s', async (_, contract, expected) => {
    expect((await failuresOf(contract)).join('\n')).toMatch(expected);
  });
});
