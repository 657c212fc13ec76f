import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { authId, authToken, create, failureOf } from './fake-plivo.testing.ts';

const basic = `Basic ${btoa(`${authId}:${authToken}`)}`;
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

/** A real server on loopback, and the requests that reached it. */
async function serve(listener: RequestListener) {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    listener(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return { origin: `http://127.0.0.1:${port ?? 0}`, requests };
}

/** A fetch that answers from a table and keeps what it was asked; no network. */
function tableFetch(table: Record<string, Response>) {
  const asked: { readonly url: string; readonly authorization: string | null }[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const url = input instanceof Request ? input.url : input.toString();
    asked.push({ url, authorization: new Headers(init?.headers).get('authorization') });
    return table[url] ?? new Response(null, { status: 404 });
  };
  return { fetch, asked };
}
const redirectTo = (location: string, status = 307) =>
  new Response(null, { status, headers: { location } });
const mediaUrl = `https://api.plivo.com/v1/Account/${authId}/Message/M1/Media/ME1/`;
const fetchWith = (table: Record<string, Response>, url = mediaUrl, options = {}) => {
  const { fetch, asked } = tableFetch(table);
  const work = create({ ...options, fetch }).messaging.fetchMedia({ url: new URL(url) });
  return { asked, work };
};

describe('fetching media', () => {
  it('streams a file over real HTTP, and shows the credentials to Plivo’s host alone', async () => {
    const cdn = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'image/png' }).end('picture');
    });
    const api = await serve((_, response) => {
      response.writeHead(307, { location: `${cdn.origin}/file` }).end();
    });
    const { messaging } = create({ baseUrl: api.origin });
    const { pathname } = new URL(mediaUrl);
    const response = await messaging.fetchMedia({ url: new URL(api.origin + pathname) });
    expect(await response.text()).toBe('picture');
    expect(response.headers.get('content-type')).toBe('image/png');
    expect(api.requests.map(({ headers }) => headers.authorization)).toEqual([basic]);
    expect(cdn.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  it.each([
    'https://media.plivo.com/a',
    'https://s3.amazonaws.com/a?X-Amz-Signature=1',
    'https://api.plivo.com.example.com/a',
    'https://api.plivo.com:8443/a',
  ])('follows a redirect to %s without the credentials', async (location) => {
    const { work, asked } = fetchWith({
      [mediaUrl]: redirectTo(location),
      [location]: new Response('picture'),
    });
    expect(await (await work).text()).toBe('picture');
    expect(asked).toEqual([
      { url: mediaUrl, authorization: basic },
      { url: location, authorization: null },
    ]);
  });

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

  it('gives up after three redirects', async () => {
    const table = Object.fromEntries(
      [0, 1, 2, 3, 4].map((step) => [
        `https://api.plivo.com/${step}`,
        redirectTo(`https://api.plivo.com/${step + 1}`),
      ]),
    );
    const { work, asked } = fetchWith(table, 'https://api.plivo.com/0');
    expect(await failureOf(work)).toMatchObject({ code: 'malformed_response' });
    expect(asked).toHaveLength(4);
  });

  it.each([
    ['http://api.plivo.com/a', /https only/u],
    ['file:///etc/passwd', /https only/u],
    ['data:text/plain,x', /https only/u],
    ['https://127.0.0.1/a', /hosts with a name/u],
    ['https://169.254.169.254/latest', /hosts with a name/u],
    ['https://0x7f.1/a', /hosts with a name/u],
    ['https://[::1]/a', /hosts with a name/u],
    ['https://[fd00::1]/a', /hosts with a name/u],
    ['https://localhost/a', /hosts with a name/u],
    ['https://a.localhost./a', /hosts with a name/u],
    ['https://user:pass@media.example.com/a', /credentials/u],
  ])('never asks %s, neither at first nor after a redirect', async (url, reason) => {
    const first = fetchWith({}, url);
    expect((await failureOf(first.work)).message).toMatch(reason);
    expect(first.asked).toEqual([]);
    const second = fetchWith({ [mediaUrl]: redirectTo(url) });
    expect((await failureOf(second.work)).message).toMatch(reason);
    expect(second.asked).toHaveLength(1);
  });

  it('is refused a redirect to nowhere', async () => {
    const { work } = fetchWith({ [mediaUrl]: redirectTo('https://[') });
    expect((await failureOf(work)).code).toBe('malformed_response');
  });

  it.each([
    [401, 'auth_failed'],
    [404, 'not_found'],
    [429, 'rate_limited'],
    [500, 'provider_unavailable'],
    [304, 'malformed_response'],
  ])('reports a %i, after which it can be tried again', async (status, code) => {
    const { work } = fetchWith({ [mediaUrl]: new Response(null, { status }) });
    expect(await failureOf(work)).toMatchObject({
      code,
      outcome: 'not-performed',
      httpStatus: status,
    });
  });

  it('stops when its caller does, before and while it runs', async () => {
    const url = new URL(mediaUrl);
    const { fetch, asked } = tableFetch({});
    const early = create({ fetch }).messaging.fetchMedia({ url }, { signal: AbortSignal.abort() });
    expect((await failureOf(early)).code).toBe('aborted');
    expect(asked).toEqual([]);
    const controller = new AbortController();
    const hanging: typeof globalThis.fetch = async (_, init) => {
      controller.abort();
      init?.signal?.throwIfAborted();
      return new Response('too late');
    };
    const { messaging } = create({ fetch: hanging });
    const late = messaging.fetchMedia({ url }, { signal: controller.signal });
    expect(await failureOf(late)).toMatchObject({ code: 'aborted', outcome: 'not-performed' });
  });
});
