import { describe, expect, it } from 'vitest';
import { TelephonyError } from './error.ts';
import { createMediaDownload, type MediaDownloadOptions } from './media-download.ts';

const own = 'https://api.carrier.example/media/1';
const foreign = 'https://cdn.example/1';

/** Downloads over a fetch that answers from a table; tells what each host was shown. */
async function download(
  url: string,
  table: { readonly [url: string]: Response },
  over: Pick<MediaDownloadOptions, 'resolveAddresses'> = {},
) {
  const shown: (string | null)[] = [];
  const fetchMedia = createMediaDownload({
    ...over,
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
  it.each(['mms.twiliocdn.com', 'media.twiliocdn.com', 's3-external-1.amazonaws.com'])(
    'follows a redirect to %s, and drops the credentials (C40)',
    async (host) => {
      const cdn = `https://${host}/a/b?X-Amz-Signature=c`;
      const table = { [own]: to(cdn), [cdn]: new Response('x') };
      expect(await download(own, table)).toEqual({ result: 200, shown: ['secret', null] });
    },
  );
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
  it.each(['https://intranet/1', 'https://printer.local/1', 'https://vault.internal./1'])(
    'does not go to %s, which is a name of one network alone',
    async (url) => {
      const result = 'media are fetched from hosts of the public internet only';
      expect(await download(own, { [own]: to(url) })).toEqual({ result, shown: ['secret'] });
    },
  );
  it('does not go where a name leads into our own network', async () => {
    const addresses: { readonly [host: string]: readonly string[] } = {
      'api.carrier.example': ['93.184.216.34'],
      'rebound.example': ['93.184.216.34', '10.0.0.7'],
      'nowhere.example': [],
    };
    const resolveAddresses = async (host: string): Promise<readonly string[]> => {
      const found = addresses[host];
      if (found === undefined) throw new Error('ENOTFOUND');
      return found;
    };
    const redirected = (host: string) =>
      download(own, { [own]: to(`https://${host}/1`) }, { resolveAddresses });
    const refused = { result: 'the host of the media is not on the public internet' };
    expect(await redirected('rebound.example')).toEqual({ ...refused, shown: ['secret'] });
    expect(await redirected('nowhere.example')).toEqual({ ...refused, shown: ['secret'] });
    expect((await redirected('lost.example')).result).toBe('the host of the media has no address');
  });
});
