import { thrownBy } from '@openclaw/provider-testkit';
import type { TelephonyError } from '@openclaw/telephony-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accountSid, answering, create, hello } from './fake-twilio.testing.ts';
import type { TwilioProviderOptions } from './provider.ts';

const refusalOf = (options: Partial<TwilioProviderOptions>): TelephonyError =>
  thrownBy(() => create(options));
const hostOf = async (options: Partial<TwilioProviderOptions>): Promise<string | undefined> => {
  const { transport, requests } = answering({});
  await create({ ...options, transport }).messaging.send(hello);
  return requests[0]?.url.href.replace(/\/2010.*$/u, '');
};

describe('creating the provider', () => {
  it('makes no request', () => {
    const { transport, requests } = answering({});
    const provider = create({ transport });
    expect(provider).toMatchObject({ specVersion: 'v1', id: 'twilio' });
    expect(requests).toEqual([]);
  });

  it('takes any account SID that starts with AC, whatever its length', () => {
    expect(create({ accountSid: 'AC1' }).id).toBe('twilio');
    for (const sid of ['', 'SK1', 'ac1', 'AC', 'AC1/../AC2', 'AC1 ', 'xAC1']) {
      expect(refusalOf({ accountSid: sid }).message).toMatch(/^accountSid must be AC/u);
    }
  });

  it('is refused without an auth token, because it would believe any webhook (C1)', () => {
    for (const token of ['', ' ', [], ['good', '']]) {
      const error = refusalOf({ authToken: token });
      expect(error).toMatchObject({ code: 'invalid_request', outcome: 'not-performed' });
      expect(error.message).toMatch(/^authToken is empty/u);
    }
    // A caller without types may leave it out.
    expect(refusalOf(JSON.parse('{"authToken":null}')).message).toMatch(/^authToken is empty/u);
  });

  it('is refused with half an API key', () => {
    expect(refusalOf({ apiKey: { sid: accountSid, secret: 'x' } }).message).toMatch(/apiKey.sid/u);
    expect(refusalOf({ apiKey: { sid: 'SK1', secret: '' } }).message).toMatch(/apiKey.secret/u);
  });

  it('is refused with something that is no messaging service', () => {
    expect(refusalOf({ messagingServiceSid: 'pool' }).message).toMatch(/starts with MG/u);
  });
});

describe('the host', () => {
  it.each([
    [{}, 'https://api.twilio.com'],
    [{ region: 'ie1' }, 'https://api.ie1.twilio.com'],
    [{ edge: 'dublin' }, 'https://api.dublin.us1.twilio.com'],
    [{ edge: 'sao-paulo', region: 'au1' }, 'https://api.sao-paulo.au1.twilio.com'],
    [{ baseUrl: 'https://twilio.example.com' }, 'https://twilio.example.com'],
    [{ baseUrl: new URL('https://proxy.example.com/tw/') }, 'https://proxy.example.com/tw'],
    [{ baseUrl: 'http://127.0.0.1:4010/' }, 'http://127.0.0.1:4010'],
    [{ baseUrl: 'http://localhost:4010' }, 'http://localhost:4010'],
    [{ baseUrl: 'http://[::1]:4010' }, 'http://[::1]:4010'],
  ])('for %j is %s', async (options, base) => {
    expect(await hostOf(options)).toBe(base);
  });

  it.each([
    [{ region: 'evil.example/' }, /^region/u],
    [{ region: '' }, /^region/u],
    [{ region: 'IE1' }, /^region/u],
    [{ edge: 'evil.example#' }, /^edge/u],
    [{ edge: '' }, /^edge/u],
    [{ edge: '-dublin' }, /^edge/u],
    [{ baseUrl: 'twilio.example.com' }, /not a URL/u],
    [{ baseUrl: 'http://twilio.example.com' }, /must be https/u],
    [{ baseUrl: 'http://127.0.0.1.example.com' }, /must be https/u],
    [{ baseUrl: 'http://localhost.example.com' }, /must be https/u],
    [{ baseUrl: 'ftp://127.0.0.1' }, /must be https/u],
    [{ baseUrl: 'https://user@example.com' }, /credentials/u],
    [{ baseUrl: 'https://example.com/?a=b' }, /query/u],
    [{ baseUrl: 'https://example.com', region: 'ie1' }, /region and edge/u],
  ])('is refused for %j', (options, reason) => {
    expect(refusalOf(options).message).toMatch(reason);
  });

  it('belongs to Twilio, whatever region and edge are set to', async () => {
    const setting = fc.option(fc.oneof(fc.string(), fc.stringMatching(/^[a-z]{2}\d$/u)), {
      nil: undefined,
    });
    await fc.assert(
      fc.asyncProperty(setting, setting, async (region, edge) => {
        const options = {
          ...(region === undefined ? {} : { region }),
          ...(edge === undefined ? {} : { edge }),
        };
        const host = await hostOf(options).catch(() => 'https://refused.twilio.com');
        expect(new URL(host ?? '').hostname.endsWith('.twilio.com')).toBe(true);
      }),
    );
  });
});
