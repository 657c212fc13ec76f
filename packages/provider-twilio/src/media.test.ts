import { createFakeFetch, failureOf } from '@openclaw/provider-testkit';
import { describe, expect, it } from 'vitest';
import { accountSid, authToken, create } from './fake-twilio.testing.ts';

const basic = `Basic ${btoa(`${accountSid}:${authToken}`)}`;
const redirectTo = (location: string, status = 307) =>
  new Response(null, { status, headers: { location } });
const mediaPath = `/2010-04-01/Accounts/${accountSid}/Messages/MM1/Media/ME1`;
const mediaUrl = `https://api.twilio.com${mediaPath}`;
const fetchWith = (table: Record<string, Response>, url = mediaUrl, options = {}) => {
  const { fetch, asked } = createFakeFetch(table);
  const work = create({ ...options, fetch }).messaging.fetchMedia({ url: new URL(url) });
  return { asked, work };
};

describe('fetching media', () => {
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
});
