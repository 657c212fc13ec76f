import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { checkTunnelOptions, openTunnel } from './index.ts';
import type { OpenTunnelOptions } from './tunnel.ts';

const spawn = (): never => {
  throw new Error('nothing may be started');
};
const opening = (options: Partial<OpenTunnelOptions>) =>
  openTunnel({
    provider: 'cloudflared',
    port: 3335,
    environment: { PATH: '/nowhere' },
    spawn,
    connectNgrok: spawn,
    ...options,
  });
const ngrok = { authToken: 'T' };

describe('options of the wrong shape', () => {
  const wrong: readonly (readonly [string, Partial<OpenTunnelOptions>])[] = [
    ['port', { port: 0 }],
    ['port', { port: 65_536 }],
    ['port', { port: 1.5 }],
    ['port', { port: Number.NaN }],
    ['path', { path: 'telephony' }],
    ['path', { path: '//evil.example.com/x' }],
    ['path', { path: '/a/../b' }],
    ['path', { path: '/a?b' }],
    ['path', { path: '/a b' }],
    ['path', { path: '/a%2fb' }],
    ['path', { path: `/${'a'.repeat(200)}` }],
    ['openTimeoutMs', { openTimeoutMs: 0 }],
    ['commandTimeoutMs', { commandTimeoutMs: Number.POSITIVE_INFINITY }],
    ['stopTimeoutMs', { stopTimeoutMs: -1 }],
    ['ngrok.authToken', { provider: 'ngrok' }],
    ['ngrok.authToken', { provider: 'ngrok', ngrok: { authToken: '' } }],
    ['ngrok.authToken', { provider: 'ngrok', ngrok: { authToken: 'canary\n' } }],
    ['ngrok.domain', { provider: 'ngrok', ngrok: { ...ngrok, domain: 'https://a.ngrok.app' } }],
    ['ngrok.domain', { provider: 'ngrok', ngrok: { ...ngrok, domain: 'a.ngrok.app/x' } }],
    ['ngrok.domain', { provider: 'ngrok', ngrok: { ...ngrok, domain: 'a.ngrok.app:1' } }],
    ['ngrok.domain', { provider: 'ngrok', ngrok: { ...ngrok, domain: 'localhost' } }],
    ['ngrok.serverAddress', { provider: 'ngrok', ngrok: { ...ngrok, serverAddress: 'x' } }],
    ['cloudflared.hostname', { cloudflared: { token: 'canary' } }],
    ['cloudflared.token', { cloudflared: { hostname: 'sms.example.com' } }],
    ['cloudflared.token', { cloudflared: { token: 'ca nary', hostname: 'sms.example.com' } }],
    ['cloudflared.hostname', { cloudflared: { token: 'canary', hostname: '10.0.0.1' } }],
    ['tailscale.port', { provider: 'tailscale-funnel', tailscale: { port: 444 } }],
    ['tailscale.port', { provider: 'tailscale-serve', tailscale: { port: 0 } }],
    ['tailscale.path', { provider: 'tailscale-serve', tailscale: { path: '--x' } }],
    ['tailscale.path', { provider: 'tailscale-serve', path: '/ab', tailscale: { path: '/a' } }],
  ];
  it.each(wrong)('are refused by name before anything is started: %s %j', async (name, options) => {
    const error: unknown = await opening(options).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'invalid_options',
      message: expect.stringContaining(name),
    });
    expect(inspect(error, { depth: 9 })).not.toContain('canary');
    expect(() => checkTunnelOptions({ provider: 'cloudflared', port: 3335, ...options })).toThrow(
      name,
    );
  });
  it('are refused for a provider that is not known', async () => {
    const options: OpenTunnelOptions = JSON.parse('{"provider":"none","port":1}');
    await expect(openTunnel(options)).rejects.toMatchObject({ code: 'invalid_options' });
  });
  it('hide what an injected part throws, which may hold anything', async () => {
    const error: unknown = await opening({
      provider: 'ngrok',
      ngrok,
      connectNgrok: () => {
        throw new Error('canary');
      },
    }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'start_failed' });
    expect(inspect(error, { depth: 9 })).not.toContain('canary');
  });
});
