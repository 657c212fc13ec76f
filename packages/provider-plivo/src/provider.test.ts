import { thrownBy } from '@openclaw/provider-testkit';
import type { TelephonyError } from '@openclaw/telephony-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answering, create, hello } from './fake-plivo.testing.ts';
import type { PlivoProviderOptions } from './provider.ts';

const refusalOf = (options: Partial<PlivoProviderOptions>): TelephonyError =>
  thrownBy(() => create(options));
const hostOf = async (options: Partial<PlivoProviderOptions>): Promise<string | undefined> => {
  const { transport, requests } = answering({});
  await create({ ...options, transport }).messaging.send(hello);
  return requests[0]?.url.href.replace(/\/v1\/.*$/u, '');
};

describe('creating the provider', () => {
  it('makes no request', () => {
    const { transport, requests } = answering({});
    const provider = create({ transport });
    expect(provider).toMatchObject({ specVersion: 'v1', id: 'plivo' });
    expect(requests).toEqual([]);
  });

  it('takes any auth ID that starts with MA or SA, whatever its length', () => {
    for (const authId of ['MA1', 'SA1', 'MAXXXXXXXXXXXXXXXXXXXXXXXX']) {
      expect(create({ authId }).id).toBe('plivo');
    }
    for (const authId of ['', 'AC1', 'ma1', 'MA', 'MA1/../MA2', 'MA1 ', 'xMA1']) {
      expect(refusalOf({ authId }).message).toMatch(/^authId must be MA/u);
    }
    expect(refusalOf(JSON.parse('{"authId":null}')).message).toMatch(/^authId/u);
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

  it('is refused with a log setting that Plivo would not understand, and so log everything', () => {
    expect(refusalOf(JSON.parse('{"log":"nothing"}')).message).toMatch(/^log is/u);
  });
});

describe('the host', () => {
  it.each([
    [{}, 'https://api.plivo.com'],
    [{ baseUrl: 'https://plivo.example.com' }, 'https://plivo.example.com'],
    [{ baseUrl: new URL('https://proxy.example.com/pl/') }, 'https://proxy.example.com/pl'],
    [{ baseUrl: 'http://127.0.0.1:4010/' }, 'http://127.0.0.1:4010'],
    [{ baseUrl: 'http://localhost:4010' }, 'http://localhost:4010'],
    [{ baseUrl: 'http://[::1]:4010' }, 'http://[::1]:4010'],
  ])('for %j is %s', async (options, base) => {
    expect(await hostOf(options)).toBe(base);
  });

  it.each([
    ['plivo.example.com', /not a URL/u],
    ['http://plivo.example.com', /must be https/u],
    ['http://127.0.0.1.example.com', /must be https/u],
    ['http://localhost.example.com', /must be https/u],
    ['ftp://127.0.0.1', /must be https/u],
    ['https://user@example.com', /credentials/u],
    ['https://example.com/?a=b', /query/u],
  ])('is refused for %s', (baseUrl, reason) => {
    expect(refusalOf({ baseUrl }).message).toMatch(reason);
  });

  it('is never spoken to without encryption but on this very machine', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('http', 'ftp', 'ws'), fc.domain(), async (scheme, name) => {
        expect(refusalOf({ baseUrl: `${scheme}://${name}` }).code).toBe('invalid_request');
      }),
    );
  });
});
