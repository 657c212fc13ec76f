import { describe, expect, it } from 'vitest';
import { TelephonyError } from './error.ts';
import { createMediaDownload } from './media-download.ts';

const own = 'https://api.carrier.example/media/1';
const foreign = 'https://cdn.example/1';

/** Downloads over a fetch that answers from a table; tells what each host was shown. */
async function download(url: string, table: { readonly [url: string]: Response }) {
  const shown: (string | null)[] = [];
  const fetchMedia = createMediaDownload({
    provider: 'mock',
    authorizationFor: ({ hostname }) => (hostname === 'api.carrier.example' ? 'secret' : undefined),
    toError: ({ status }) =>
      new TelephonyError('not_found', `answered ${status}`, { outcome: 'not-performed' }),
    fetch: async (input, init) => {
      shown.push(new Headers(init?.headers).get('authorization'));
      const asked = input instanceof Request ? input.url : input.toString();
      return table[asked] ?? new Response(null, { status: 404 });
    },
  });
  const result = await fetchMedia({ url: new URL(url) }).then(
    (response) => response.status,
    (error: unknown) => (error instanceof Error ? error.message : ''),
  );
  return { result, shown };
}
const to = (location: string): Response =>
  new Response(null, { status: 302, headers: { location } });

describe('a media download', () => {
  it('shows the credentials to the carrier, and not to where it redirects', async () => {
    expect(await download(own, { [own]: to(foreign), [foreign]: new Response('x') })).toEqual({
      result: 200,
      shown: ['secret', null],
    });
  });
  it('shows them to nobody once it has been elsewhere', async () => {
    const table = { [foreign]: to(own), [own]: new Response('x') };
    expect(await download(foreign, table)).toEqual({ result: 200, shown: [null, null] });
    const round = {
      [own]: to(foreign),
      [foreign]: to(`${own}?2`),
      [`${own}?2`]: new Response('x'),
    };
    expect((await download(own, round)).shown).toEqual(['secret', null, null]);
  });
  it('gives up after three redirects, and on what is no address', async () => {
    expect((await download(own, { [own]: to(own) })).result).toBe(
      'more than 3 redirects to the media',
    );
    expect((await download(own, { [own]: to('https://:0') })).result).toBe(
      'the media redirect to no URL',
    );
    expect((await download(own, {})).result).toBe('answered 404');
  });
  it.each([
    ['http://cdn.example/1', 'media are fetched over https only'],
    ['https://user:pass@cdn.example/1', 'media are not fetched from a URL with credentials'],
    ['https://10.0.0.1/1', 'media are fetched from hosts with a name only'],
    ['https://[::1]/1', 'media are fetched from hosts with a name only'],
    ['https://localhost/1', 'media are fetched from hosts with a name only'],
  ])('does not go to %s, not even by a redirect', async (url, problem) => {
    expect(await download(url, {})).toEqual({ result: problem, shown: [] });
    expect(await download(own, { [own]: to(url) })).toEqual({ result: problem, shown: ['secret'] });
  });
});
