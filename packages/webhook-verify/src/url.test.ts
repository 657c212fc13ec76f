import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { verdictOf } from '../test/vectors.ts';
import { resolveSignedUrl, type SignedUrlOptions, type UnresolvedRequest } from './url.ts';

const request: UnresolvedRequest = {
  target: '/hooks/sms?tenant=4%272',
  headers: { host: 'gateway.internal:3335' },
  peerAddress: '127.0.0.1',
  encrypted: false,
};
const resolve = (changes: Partial<UnresolvedRequest>, options: SignedUrlOptions = {}): string =>
  resolveSignedUrl({ ...request, ...changes }, options);
const verdict = (changes: Partial<UnresolvedRequest>, options: SignedUrlOptions = {}) =>
  verdictOf(() => resolve(changes, options));

describe('with a publicUrl', () => {
  it.each([
    ['https://sms.example.com', 'https://sms.example.com/hooks/sms?tenant=4%272'],
    ['https://sms.example.com/', 'https://sms.example.com/hooks/sms?tenant=4%272'],
    ['https://sms.example.com/?x=1', 'https://sms.example.com/hooks/sms?tenant=4%272'],
    ['https://SMS.example.com:8443', 'https://SMS.example.com:8443/hooks/sms?tenant=4%272'],
    ['https://u:p@sms.example.com', 'https://u:p@sms.example.com/hooks/sms?tenant=4%272'],
    ['https://[2001:db8::1]:8443', 'https://[2001:db8::1]:8443/hooks/sms?tenant=4%272'],
    ['https://sms.example.com/proxy/x', 'https://sms.example.com/proxy/x?tenant=4%272'],
    ['https://sms.example.com/proxy/', 'https://sms.example.com/proxy/?tenant=4%272'],
    ['https://sms.example.com/proxy/x?a=b', 'https://sms.example.com/proxy/x?tenant=4%272'],
    ['https://sms.example.com/proxy/x#rc=2', 'https://sms.example.com/proxy/x?tenant=4%272'],
  ])('%s: %s', (publicUrl, expected) => {
    expect(resolve({}, { publicUrl })).toBe(expected);
  });

  it('keeps its own query when a proxy dropped that of the request', () => {
    const publicUrl = 'https://sms.example.com/proxy?a=b#rc=2';
    expect(resolve({ target: '/y' }, { publicUrl })).toBe('https://sms.example.com/proxy?a=b');
    expect(resolve({ target: '/y?' }, { publicUrl })).toBe('https://sms.example.com/proxy?');
  });

  it('looks at no header', () => {
    const headers = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' };
    const options = {
      publicUrl: 'https://sms.example.com',
      trustedProxyIPs: ['127.0.0.1'],
      allowedHosts: ['evil.example'],
    };
    expect(resolve({ headers }, options)).toBe('https://sms.example.com/hooks/sms?tenant=4%272');
  });

  it('of a WebSocket is ws or wss', () => {
    const socket = { target: '/stream', webSocket: true };
    expect(resolve(socket, { publicUrl: 'https://h.example' })).toBe('wss://h.example/stream');
    expect(resolve(socket, { publicUrl: 'http://h.example/http' })).toBe('ws://h.example/http');
    expect(resolve(socket, { publicUrl: 'wss://h.example' })).toBe('wss://h.example/stream');
    expect(resolve(socket, { publicUrl: 'wss://http.example' })).toBe('wss://http.example/stream');
  });

  it.each([
    '',
    'sms.example.com',
    '/x',
    'https://',
    'https:///x',
    'https://h example',
    'https://h.example/ü',
    'https://h.example\n',
    ' https://h.example',
    'https://?x',
  ])('refuses "%s", which is not one', (publicUrl) => {
    expect(verdict({}, { publicUrl })).toBe('malformed_request');
  });
});

describe('the request target', () => {
  it.each([
    '',
    '*',
    'hooks',
    '//evil.example/x',
    'http://evil.example/x',
    '/a b',
    '/\u00fc',
    '/\n',
    '/\u007f',
  ])('must be a path: "%s"', (target) => {
    expect(verdict({ target })).toBe('malformed_request');
    expect(verdict({ target }, { publicUrl: 'https://h.example' })).toBe('malformed_request');
  });

  it('loses its fragment and nothing else', () => {
    expect(resolve({ target: '/sms?a=1#rc=2&rp=all' })).toBe(
      'http://gateway.internal:3335/sms?a=1',
    );
    expect(resolve({ target: '/' })).toBe('http://gateway.internal:3335/');
    expect(resolve({ target: '/a//b' })).toBe('http://gateway.internal:3335/a//b');
  });

  it('is never decoded or rewritten', () => {
    const visible = fc.string({
      unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
    });
    fc.assert(
      fc.property(visible, (rest) => {
        fc.pre(!rest.startsWith('/') && !rest.includes('#'));
        expect(resolve({ target: `/${rest}` })).toBe(`http://gateway.internal:3335/${rest}`);
        expect(resolve({ target: `/${rest}` }, { publicUrl: 'https://h.example' })).toBe(
          `https://h.example/${rest}`,
        );
      }),
    );
  });
});

describe('without a publicUrl', () => {
  it('is the URL of the connection', () => {
    expect(resolve({})).toBe('http://gateway.internal:3335/hooks/sms?tenant=4%272');
    expect(resolve({ encrypted: true, target: '/' })).toBe('https://gateway.internal:3335/');
    expect(resolve({ encrypted: true, target: '/', webSocket: true })).toBe(
      'wss://gateway.internal:3335/',
    );
    expect(resolve({ target: '/', webSocket: true })).toBe('ws://gateway.internal:3335/');
    expect(resolve({ target: '/', headers: { ':authority': 'h.example' } })).toBe(
      'http://h.example/',
    );
    expect(resolve({ target: '/', headers: new Headers({ Host: 'h.example' }) })).toBe(
      'http://h.example/',
    );
    expect(resolveSignedUrl({ target: '/', headers: { host: 'a' }, encrypted: true })).toBe(
      'https://a/',
    );
  });

  it('keeps the brackets of an IPv6 address', () => {
    expect(resolve({ target: '/x', headers: { host: '[2001:db8::1]:8443' } })).toBe(
      'http://[2001:db8::1]:8443/x',
    );
    expect(resolve({ target: '/x', headers: { host: '[2001:db8::1]' } })).toBe(
      'http://[2001:db8::1]/x',
    );
  });

  it.each([
    undefined,
    '',
    'a b',
    'a/b',
    'u@h',
    'a,b',
    'h:',
    'h:x',
    'h:123456',
    '2001:db8::1',
    '[x]',
    'h?x',
    'h#x',
    'h\\x',
    '[::1]x',
  ])('refuses the Host header %s', (host) => {
    expect(verdict({ headers: { host } })).toBe('malformed_request');
  });
});

describe('forwarded headers', () => {
  const forwarded = {
    host: 'gateway.internal:3335',
    'x-forwarded-host': 'sms.example.com',
    'x-forwarded-proto': 'https',
  };
  const trust = { trustedProxyIPs: ['127.0.0.1'], allowedHosts: ['sms.example.com'] };
  const local = 'http://gateway.internal:3335/hooks/sms?tenant=4%272';
  const full = 'https://sms.example.com/hooks/sms?tenant=4%272';

  it('count from a trusted proxy for an allowed host', () => {
    expect(resolve({ headers: forwarded }, trust)).toBe(full);
  });

  it.each<[string, Partial<UnresolvedRequest>, SignedUrlOptions]>([
    ['nothing is configured', {}, {}],
    ['no proxy is trusted', {}, { allowedHosts: trust.allowedHosts }],
    ['no host is allowed', {}, { trustedProxyIPs: trust.trustedProxyIPs }],
    ['the lists are empty', {}, { trustedProxyIPs: [], allowedHosts: [] }],
    ['another host is allowed', {}, { ...trust, allowedHosts: ['other.example.com'] }],
    ['another port is allowed', {}, { ...trust, allowedHosts: ['sms.example.com:8443'] }],
    ['a suffix is allowed', {}, { ...trust, allowedHosts: ['example.com'] }],
    ['the peer is another', { peerAddress: '10.0.0.9' }, trust],
    ['the peer is unknown', { peerAddress: undefined }, trust],
  ])('are ignored when %s', (_, changes, options) => {
    expect(resolve({ headers: forwarded, ...changes }, options)).toBe(local);
  });

  it('other than X-Forwarded-Host and -Proto are always ignored', () => {
    const headers = {
      host: 'gateway.internal:3335',
      'x-original-host': 'sms.example.com',
      'ngrok-forwarded-host': 'sms.example.com',
      forwarded: 'host=sms.example.com;proto=https',
      'x-forwarded-port': '443',
    };
    expect(resolve({ headers }, trust)).toBe(local);
  });

  it('compare hosts without case, and with their port where the list has one', () => {
    const headers = { ...forwarded, 'x-forwarded-host': 'SMS.example.com:8443' };
    const expected = 'https://SMS.example.com:8443/hooks/sms?tenant=4%272';
    expect(resolve({ headers }, trust)).toBe(expected);
    expect(resolve({ headers }, { ...trust, allowedHosts: ['sms.EXAMPLE.com:8443'] })).toBe(
      expected,
    );
    expect(resolve({ headers }, { ...trust, allowedHosts: ['sms.example.com:443'] })).toBe(local);
  });

  it('take what the nearest proxy wrote', () => {
    const headers = {
      ...forwarded,
      'x-forwarded-host': 'evil.example, sms.example.com ',
      'x-forwarded-proto': 'http, HTTPS',
    };
    expect(resolve({ headers }, trust)).toBe(full);
    const reversed = { ...forwarded, 'x-forwarded-host': 'sms.example.com, evil.example' };
    expect(resolve({ headers: reversed }, trust)).toBe(local);
  });

  it('may change the scheme alone, for a Host that is allowed', () => {
    const headers = { host: 'sms.example.com', 'x-forwarded-proto': 'https' };
    expect(resolve({ headers, target: '/' }, trust)).toBe('https://sms.example.com/');
    expect(
      resolve({ headers: { ...headers, 'x-forwarded-proto': 'wss' }, target: '/' }, trust),
    ).toBe('https://sms.example.com/');
    expect(
      resolve(
        { headers: { ...headers, 'x-forwarded-proto': 'http' }, target: '/', encrypted: true },
        trust,
      ),
    ).toBe('http://sms.example.com/');
    expect(
      resolve(
        { headers: { ...headers, 'x-forwarded-proto': 'ws' }, target: '/', encrypted: true },
        trust,
      ),
    ).toBe('http://sms.example.com/');
    expect(
      resolve(
        { headers: { ...headers, 'x-forwarded-proto': 'gopher' }, target: '/', encrypted: true },
        trust,
      ),
    ).toBe('https://sms.example.com/');
    expect(
      resolve({ headers: { host: 'sms.example.com' }, target: '/', encrypted: true }, trust),
    ).toBe('https://sms.example.com/');
    expect(resolve({ headers, target: '/' }, { ...trust, allowedHosts: ['x.example'] })).toBe(
      'http://sms.example.com/',
    );
  });

  it('that are no host are ignored', () => {
    const headers = { ...forwarded, 'x-forwarded-host': 'a/b' };
    expect(resolve({ headers }, { ...trust, allowedHosts: ['a/b'] })).toBe(local);
    expect(verdict({ headers: {} }, trust)).toBe('malformed_request');
  });

  it.each(['1::ffff:127.0.0.1', '::ffff:127.0.0.1%1', '::ffff:127.0.0.11', '::127.0.0.1'])(
    'do not count from %s, which is not 127.0.0.1',
    (peerAddress) => {
      expect(resolve({ headers: forwarded, peerAddress }, trust)).toBe(local);
    },
  );

  it.each([
    ['::ffff:127.0.0.1', '127.0.0.1'],
    ['127.0.0.1', '::FFFF:127.0.0.1'],
    ['::ffff:110.120.130.140', '110.120.130.140'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['::1', '0:0:0:0:0:0:0:1'],
    ['fe80::1%eth0', 'fe80::1%eth0'],
  ])('come from %s, which is written %s in the list', (peerAddress, trusted) => {
    expect(
      resolve({ headers: forwarded, peerAddress }, { ...trust, trustedProxyIPs: ['x', trusted] }),
    ).toBe(full);
    expect(
      resolve({ headers: forwarded, peerAddress: '::2' }, { ...trust, trustedProxyIPs: [trusted] }),
    ).toBe(local);
  });
});
