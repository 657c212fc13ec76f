import { thrownBy } from '@openclaw/provider-testkit';
import type { TelephonyError } from '@openclaw/telephony-core';
import { describe, expect, it } from 'vitest';
import {
  answering,
  apiKey,
  create,
  hello,
  keyPair,
  nextKeyPair,
  profileId,
} from './fake-telnyx.testing.ts';
import type { TelnyxProviderOptions } from './provider.ts';

const refusalOf = (options: Partial<TelnyxProviderOptions>): TelephonyError =>
  thrownBy(() => create(options));
const urlOf = async (options: Partial<TelnyxProviderOptions>): Promise<string | undefined> => {
  const { transport, requests } = answering({});
  await create({ ...options, transport }).messaging.send(hello);
  return requests[0]?.url.href;
};

describe('creating the provider', () => {
  it('makes no request', () => {
    const { transport, requests } = answering({});
    const provider = create({ transport });
    expect(provider).toMatchObject({ specVersion: 'v1', id: 'telnyx' });
    expect(requests).toEqual([]);
  });

  it('is refused without a public key, because it would believe any webhook (C1)', () => {
    const empty = [{ publicKey: '' }, { publicKey: [] }, { publicKey: [keyPair.publicKey, ''] }];
    for (const options of empty) {
      const error = refusalOf(options);
      expect(error).toMatchObject({ code: 'invalid_request', outcome: 'not-performed' });
      expect(error.message).toMatch(/publicKey/u);
    }
    // A caller without types may leave it out.
    expect(refusalOf(JSON.parse('{"publicKey":null}')).message).toMatch(/publicKey/u);
  });

  it('is refused with a public key that is none, or that anybody can sign for', () => {
    for (const publicKey of [
      'swordfish',
      apiKey,
      btoa('\0'.repeat(32)),
      keyPair.publicKey.slice(4),
    ]) {
      const { message } = refusalOf({ publicKey: [nextKeyPair.publicKey, publicKey] });
      expect(message).toMatch(/^publicKey is not an Ed25519 key/u);
      expect(message).not.toContain(publicKey);
    }
  });

  it('is refused with an API key that cannot stand in a header', () => {
    for (const key of ['', ' ', 'KEY 1', 'KEY1\r\nx: y', 'KÉY']) {
      expect(refusalOf({ apiKey: key }).message).toMatch(/^apiKey is empty or has spaces/u);
    }
    expect(refusalOf(JSON.parse('{"apiKey":null}')).message).toMatch(/^apiKey/u);
  });

  it('tells a connection from a messaging profile', () => {
    const connectionId = '1293384261075731499';
    expect(refusalOf({ messagingProfileId: connectionId }).message).toMatch(/of a connection/u);
    expect(refusalOf({ messagingProfileId: 'pool' }).message).toMatch(/is a UUID/u);
    expect(refusalOf({ connectionId: ' ' }).message).toMatch(/^connectionId is empty/u);
    expect(create({ connectionId, messagingProfileId: profileId }).id).toBe('telnyx');
  });
});

describe('the host', () => {
  it.each([
    [{}, 'https://api.telnyx.com/v2/messages'],
    [{ baseUrl: 'https://api.telnyx.eu' }, 'https://api.telnyx.eu/v2/messages'],
    [{ baseUrl: 'https://api.telnyx.com/v2/' }, 'https://api.telnyx.com/v2/messages'],
    [
      { baseUrl: new URL('https://proxy.example.com/tx/') },
      'https://proxy.example.com/tx/v2/messages',
    ],
    [{ baseUrl: 'http://127.0.0.1:4010/' }, 'http://127.0.0.1:4010/v2/messages'],
    [{ baseUrl: 'http://localhost:4010' }, 'http://localhost:4010/v2/messages'],
    [{ baseUrl: 'http://[::1]:4010' }, 'http://[::1]:4010/v2/messages'],
  ])('for %j is in %s', async (options, url) => {
    expect(await urlOf(options)).toBe(url);
  });

  it.each([
    [{ baseUrl: 'api.telnyx.com' }, /not a URL/u],
    [{ baseUrl: 'http://api.telnyx.com' }, /must be https/u],
    [{ baseUrl: 'http://127.0.0.1.example.com' }, /must be https/u],
    [{ baseUrl: 'http://localhost.example.com' }, /must be https/u],
    [{ baseUrl: 'ftp://127.0.0.1' }, /must be https/u],
    [{ baseUrl: 'https://user@example.com' }, /credentials/u],
    [{ baseUrl: 'https://example.com/?a=b' }, /query/u],
  ])('is refused for %j', (options, reason) => {
    expect(refusalOf(options).message).toMatch(reason);
  });
});
