import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isConnected, quickTunnelOrigin } from './cloudflared-log.ts';
import { quickTunnelLog } from './cloudflared-scene.testing.ts';

describe('the address of a quick tunnel', () => {
  it('is found in the log, once', () => {
    const found = quickTunnelLog('two-words').flatMap((line) => quickTunnelOrigin(line) ?? []);
    expect(found.map((url) => url.href)).toEqual(['https://two-words.trycloudflare.com/']);
  });
  it.each([
    'failed to request quick Tunnel: Post "https://api.trycloudflare.com/tunnel": no such host',
    '2026-11-20T16:00:00Z INF |  https://api.trycloudflare.com  |',
    '2026-11-20T16:00:00Z INF |  http://two-words.trycloudflare.com  |',
    '2026-11-20T16:00:00Z INF |  https://two-words.trycloudflare.com.example.com  |',
    '2026-11-20T16:00:00Z INF |  https://eviltrycloudflare.com  |',
    '2026-11-20T16:00:00Z INF |  https://two-words.trycloudflare.com@example.com  |',
    '2026-11-20T16:00:00Z INF |  https://a.b.trycloudflare.com  |',
    '2026-11-20T16:00:00Z INF |  https://-x.trycloudflare.com  |',
    '2026-11-20T16:00:00Z ERR |  https://two-words.trycloudflare.com  |',
    '2026-11-20T16:00:00Z INF GET https://two-words.trycloudflare.com/x',
  ])('is not found in %s', (line) => {
    expect(quickTunnelOrigin(line)).toBeUndefined();
  });
  it('is always one label below trycloudflare.com, whatever the log holds', () => {
    const part = fc.constantFrom(
      '|',
      '  ',
      'https://',
      'x',
      '.trycloudflare.com',
      '@',
      '/',
      '-',
      'INF ',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const host = quickTunnelOrigin(parts.join(''))?.host ?? 'x.trycloudflare.com';
        expect(host).toMatch(/^[a-z0-9-]+\.trycloudflare\.com$/u);
      }),
    );
  });
});

describe('the connection to the edge', () => {
  it('is known from new and old versions', () => {
    const at = '2026-11-20T16:00:00Z INF';
    expect(isConnected(`${at} Registered tunnel connection connIndex=0`)).toBe(true);
    expect(isConnected(`${at} Connection 4f4b1c6e-0000-4000-8000-000000000000 registered`)).toBe(
      true,
    );
    expect(isConnected(`${at} Unregistered tunnel connection connIndex=0`)).toBe(false);
  });
});
