import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { accountSid, authToken, create, failureOf } from './fake-twilio.testing.ts';

const basic = `Basic ${btoa(`${accountSid}:${authToken}`)}`;
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
const mediaPath = `/2010-04-01/Accounts/${accountSid}/Messages/MM1/Media/ME1`;
const mediaUrl = `https://api.twilio.com${mediaPath}`;
const fetchWith = (table: Record<string, Response>, url = mediaUrl, options = {}) => {
  const { fetch, asked } = tableFetch(table);
  const work = create({ ...options, fetch }).messaging.fetchMedia({ url: new URL(url) });
  return { asked, work };
};

describe('fetching media', () => {
  it('streams a file over real HTTP, and shows the credentials to Twilio’s host alone', async () => {
    const cdn = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'image/png' }).end('picture');
    });
    const api = await serve((_, response) => {
      response.writeHead(307, { location: `${cdn.origin}/file` }).end();
    });
    const { messaging } = create({ baseUrl: api.origin });
    const response = await messaging.fetchMedia({ url: new URL(api.origin + mediaPath) });
    expect(await response.text()).toBe('picture');
    expect(response.headers.get('content-type')).toBe('image/png');
    expect(api.requests.map(({ headers }) => headers.authorization)).toEqual([basic]);
    expect(cdn.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  it.each([
    'https://mms.twiliocdn.com/a',
    'https://media.twiliocdn.com/a',
    'https://s3-external-1.amazonaws.com/a?X-Amz-Signature=1',
    'https://api.twilio.com.example.com/a',
    'https://api.twilio.com:8443/a',
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

  it('keeps the credentials for the media of the same host, and follows relative redirects', async () => {
    const next = mediaPath.replace('ME1', 'ME2');
    const { work, asked } = fetchWith({
      [mediaUrl]: redirectTo(next, 302),
      [`https://api.twilio.com${next}`]: redirectTo('/elsewhere'),
      'https://api.twilio.com/elsewhere': new Response('x'),
    });
    await work;
    expect(asked.map(({ authorization }) => authorization)).toEqual([basic, basic, null]);
  });

  it.each([
    [{ region: 'ie1' }, 'https://api.ie1.twilio.com'],
    [{ region: 'ie1', edge: 'dublin' }, 'https://api.dublin.ie1.twilio.com'],
    [{ region: 'ie1', edge: 'dublin' }, 'https://api.ie1.twilio.com'],
    [{ edge: 'dublin' }, 'https://api.us1.twilio.com'],
    [{ edge: 'dublin' }, 'https://api.twilio.com'],
    [{ baseUrl: 'https://proxy.example.com/tw' }, 'https://proxy.example.com/tw'],
  ])('with %j shows the credentials to %s', async (options, base) => {
    const url = base + mediaPath;
    const { work, asked } = fetchWith({ [url]: new Response('x') }, url, options);
    await work;
    expect(asked).toEqual([{ url, authorization: basic }]);
  });

  it.each([
    [{ region: 'ie1' }, `https://api.us1.twilio.com${mediaPath}`],
    [{}, `https://api.us1.twilio.com${mediaPath}`],
    [{ baseUrl: 'https://proxy.example.com/tw' }, `https://proxy.example.com${mediaPath}`],
    [{ baseUrl: 'https://proxy.example.com/tw' }, `https://api.twilio.com${mediaPath}`],
    [{}, mediaUrl.replace(accountSid, 'AC1')],
    [{}, `https://api.twilio.com/2010-04-01/Accounts/${accountSid}.json`],
    [{}, `https://api.twilio.com/2010-04-01/Accounts/${accountSid}/Messages/MM1.json`],
    [{}, `https://api.twilio.com/2010-04-01/Accounts/${accountSid}/Calls/CA1/Media/ME1`],
    [{}, `${mediaUrl}/../../../MM2.json`],
    [{}, `${mediaUrl}/%2e%2e/%2e%2e/x`],
    [{}, `${mediaUrl}%2f..%2f..%2fMM2.json`],
    [{}, `https://api.twilio.com/a${mediaPath}`],
  ])('with %j asks for %s without the credentials', async (options, url) => {
    const { work, asked } = fetchWith({}, url, options);
    await failureOf(work);
    expect(asked.map(({ authorization }) => authorization)).toEqual([null]);
  });

  it('gives up after three redirects', async () => {
    const table = Object.fromEntries(
      [0, 1, 2, 3, 4].map((step) => [
        `https://api.twilio.com/${step}`,
        redirectTo(`https://api.twilio.com/${step + 1}`),
      ]),
    );
    const { work, asked } = fetchWith(table, 'https://api.twilio.com/0');
    expect(await failureOf(work)).toMatchObject({ code: 'malformed_response' });
    expect(asked).toHaveLength(4);
  });

  it.each([
    ['http://api.twilio.com/a', /https only/u],
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
