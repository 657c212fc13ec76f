import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { isFromThisMachine, isLoopback, peerKey } from './peer.ts';

function visit(remoteAddress: string, headers: { readonly [name: string]: string }): boolean {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: remoteAddress });
  const request = new IncomingMessage(socket);
  Object.assign(request.headers, headers);
  return isFromThisMachine(request);
}

describe('the peer for whom a budget is kept', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['', ''],
  ])('of %s is %s', (address, key) => {
    expect(peerKey(address)).toBe(key);
  });
});

describe('a visitor of this machine', () => {
  it('comes from a loopback address, to a loopback name', () => {
    for (const host of ['localhost:3335', '127.0.0.1:3335', '[::1]:3335', 'LOCALHOST']) {
      expect(visit('127.0.0.1', { host })).toBe(true);
    }
    expect(visit('::1', { host: 'localhost' })).toBe(true);
    expect(visit('::ffff:127.0.0.1', { host: 'localhost' })).toBe(true);
  });
  it.each(['203.0.113.7', '10.0.0.1', '', '128.0.0.1', '::2'])('is nobody from %j', (address) => {
    expect(visit(address, { host: 'localhost' })).toBe(false);
    expect(isLoopback(address)).toBe(false);
  });
  it.each(['sms.example.com', '', '127.0.0.1.example.com', 'localhost.example.com', '127.1'])(
    'is nobody who asks for %j: a page in a browser may be made to',
    (host) => {
      expect(visit('127.0.0.1', { host })).toBe(false);
    },
  );
  it.each([
    'forwarded',
    'via',
    'x-forwarded-for',
    'x-forwarded-host',
    'x-real-ip',
    'x-original-host',
    'cf-connecting-ip',
    'tailscale-user-login',
    'ngrok-trace-id',
    'true-client-ip',
  ])('is nobody for whom a proxy speaks with %s', (name) => {
    expect(visit('127.0.0.1', { host: 'localhost', [name]: '' })).toBe(false);
  });
});
