import { createFakeFetch } from '@openclaw/provider-testkit';
import { describe, expect, it } from 'vitest';
import { authId, authToken, create } from './fake-plivo.testing.ts';

const basic = `Basic ${btoa(`${authId}:${authToken}`)}`;
const redirectTo = (location: string, status = 307) =>
  new Response(null, { status, headers: { location } });
const mediaUrl = `https://api.plivo.com/v1/Account/${authId}/Message/M1/Media/ME1/`;
const fetchWith = (table: Record<string, Response>, url = mediaUrl, options = {}) => {
  const { fetch, asked } = createFakeFetch(table);
  const work = create({ ...options, fetch }).messaging.fetchMedia({ url: new URL(url) });
  return { asked, work };
};

describe('fetching media', () => {
  it('follows relative redirects, and shows the credentials to other media of the account', async () => {
    const { work, asked } = fetchWith({
      [mediaUrl]: redirectTo('../ME2/', 302),
      [mediaUrl.replace('ME1', 'ME2')]: redirectTo('/b'),
      'https://api.plivo.com/b': new Response('x'),
    });
    await work;
    expect(asked.map(({ authorization }) => authorization)).toEqual([basic, basic, null]);
  });

  it.each([
    '/',
    `/v1/Account/${authId}/`,
    `/v1/Account/${authId}/Message/M1/`,
    `/v1/Account/${authId}/Message/M1/Media`,
    `/v1/Account/${authId}/Message/Media/ME1/`,
    `/v1/Account/${authId}/Message/M1/Media/../../../Number/`,
    `/v1/Account/${authId}/Message/..%2f..%2fNumber/Media/ME1/`,
    `/v1/Account/${authId}0/Message/M1/Media/ME1/`,
    '/v1/Account/MA1/Message/M1/Media/ME1/',
    `/x/v1/Account/${authId}/Message/M1/Media/ME1/`,
  ])('shows no credentials to %s of Plivo’s own host, where no picture is', async (path) => {
    const { href } = new URL(path, mediaUrl);
    const { work, asked } = fetchWith({ [href]: new Response('x') }, href);
    await work;
    expect(asked).toEqual([{ url: href, authorization: null }]);
  });

  it('shows the credentials below the path of a proxy', async () => {
    const url = mediaUrl.replace('api.plivo.com', 'proxy.example.com/pl');
    const options = { baseUrl: 'https://proxy.example.com/pl/' };
    const { work, asked } = fetchWith({ [url]: new Response('x') }, url, options);
    await work;
    expect(asked).toEqual([{ url, authorization: basic }]);
  });

  it('shows no credentials to the public host where Plivo keeps pictures', async () => {
    const url = 'https://media.plivo.com/Account/MA1/Media/ME1.png';
    const { work, asked } = fetchWith({ [url]: new Response('x') }, url);
    await work;
    expect(asked).toEqual([{ url, authorization: null }]);
  });
});
