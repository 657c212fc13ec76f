import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { Route } from './routes.ts';
import { createSignedUrl, isProxy } from './signed-url.ts';

function request(url: string, headers: { readonly [name: string]: string }): IncomingMessage {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: '10.0.0.5' });
  const message = new IncomingMessage(socket);
  message.url = url;
  Object.assign(message.headers, headers);
  return message;
}
const webhook = { kind: 'webhook' } as const;
const receipt = { kind: 'receipt' } as const;

describe('the URL that was signed', () => {
  it('is the publicUrl when that has a path, whatever path a proxy made of it (C18)', () => {
    const signedUrl = createSignedUrl({ publicUrl: 'https://sms.example.com/proxy/x' });
    expect(signedUrl(request('/y?a=1', { host: 'inside' }), webhook)).toBe(
      'https://sms.example.com/proxy/x?a=1',
    );
  });
  it('is for a receipt the path that was asked for, at the same origin', () => {
    const signedUrl = createSignedUrl({ publicUrl: 'https://sms.example.com:8443/proxy/x' });
    expect(signedUrl(request('/telephony/status/a.0', { host: 'inside' }), receipt)).toBe(
      'https://sms.example.com:8443/telephony/status/a.0',
    );
  });
  it('is of the scheme of the connection when no publicUrl is set', () => {
    const signedUrl = createSignedUrl({});
    const plain = request('/hook', { host: 'sms.example.com' });
    const encrypted = request('/hook', { host: 'sms.example.com' });
    Object.assign(encrypted.socket, { encrypted: true });
    expect(signedUrl(plain, webhook)).toBe('http://sms.example.com/hook');
    expect(signedUrl(encrypted, webhook)).toBe('https://sms.example.com/hook');
  });
  it('is made of each request, whatever the one before asked for', () => {
    const signedUrl = createSignedUrl({ publicUrl: 'https://sms.example.com' });
    const urlOf = (target: string, route: Route): string | undefined =>
      signedUrl(request(target, { host: 'inside' }), route);
    for (const target of ['/hook', '/hook', '/hook?a=1', '/hook', '//evil.example/hook', '/hook']) {
      const expected = target.startsWith('//') ? undefined : `https://sms.example.com${target}`;
      expect(urlOf(target, webhook)).toBe(expected);
    }
    const whole = createSignedUrl({ publicUrl: 'https://sms.example.com/proxy/x' });
    expect(whole(request('/a', {}), webhook)).toBe('https://sms.example.com/proxy/x');
    expect(whole(request('/a', {}), receipt)).toBe('https://sms.example.com/a');
  });
  it('keeps the brackets and the port of an IPv6 host (C23)', () => {
    const signedUrl = createSignedUrl({});
    expect(signedUrl(request('/hook', { host: '[2001:db8::1]:8443' }), webhook)).toBe(
      'http://[2001:db8::1]:8443/hook',
    );
  });
  it('takes no forwarded host from a peer that is not trusted (C3)', () => {
    const headers = { host: 'inside', 'x-forwarded-host': 'evil.example' };
    for (const security of [
      {},
      { trustForwardingHeaders: true, allowedHosts: ['evil.example'] },
      { trustForwardingHeaders: true, allowedHosts: ['x'], trustedProxyIPs: ['10.0.0.5'] },
      { allowedHosts: ['evil.example'], trustedProxyIPs: ['10.0.0.5'] },
    ]) {
      const url = createSignedUrl({ security })(request('/hook', headers), webhook);
      expect(url ?? '').not.toContain('evil.example');
    }
  });
  it('is unknown without a Host', () => {
    expect(createSignedUrl({})(request('/hook', {}), webhook)).toBeUndefined();
  });
});

describe('a peer that speaks for others', () => {
  it('is a trusted proxy, whoever is on this machine, and a Unix socket', () => {
    const speaks = isProxy({ trustedProxyIPs: ['10.0.0.5'] });
    for (const peer of ['10.0.0.5', '::ffff:10.0.0.5', '127.0.0.1', '::1', '']) {
      expect(speaks(peer)).toBe(true);
    }
    for (const peer of ['10.0.0.6', '2001:db8::1', '203.0.113.7']) expect(speaks(peer)).toBe(false);
  });
});
