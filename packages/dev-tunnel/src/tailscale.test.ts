import { spawn } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ServeConfig } from './fake-tailscale.testing.ts';
import { createLogJournal } from './log-journal.testing.ts';
import { openTunnel } from './open-tunnel.ts';
import { carrierUrl } from './public-url.ts';
import { createTailscaleScene, dnsName, type TailscaleScene } from './tailscale-scene.testing.ts';
import type { OpenTunnelOptions, SpawnProcess, Tunnel } from './tunnel.ts';

let scene: TailscaleScene;
beforeEach(() => {
  scene = createTailscaleScene();
});
afterEach(() => scene.close());

const opening = (options: Partial<OpenTunnelOptions> = {}): Promise<Tunnel> =>
  openTunnel({
    provider: 'tailscale-funnel',
    port: 3335,
    path: '/telephony/webhook',
    environment: scene.environment,
    ...options,
  });

const portWith = (paths: readonly string[], funnel: boolean, port = 443): ServeConfig => ({
  TCP: { [port]: { HTTPS: true } },
  Web: {
    [`${dnsName}:${port}`]: {
      Handlers: Object.fromEntries(paths.map((path) => [path, { Proxy: 'http://127.0.0.1:9999' }])),
    },
  },
  AllowFunnel: funnel ? { [`${dnsName}:${port}`]: true } : {},
});

describe('tailscale funnel', { timeout: 20_000 }, () => {
  it('puts our path on the internet, and takes it off on close', async () => {
    const tunnel = await opening();
    expect(tunnel.publicUrl.href).toBe(`https://${dnsName}/telephony/webhook`);
    expect(tunnel.reach).toBe('internet');
    expect(carrierUrl(tunnel).href).toBe(tunnel.publicUrl.href);
    await tunnel.close();
    expect(await tunnel.closed).toEqual({ because: 'closed' });
    expect(scene.config()).toEqual({ TCP: {}, Web: {}, AllowFunnel: {} });
    expect(scene.calls()).toEqual([
      'status --json --peers=false',
      'serve status --json',
      'funnel --bg --https=443 --set-path=/telephony/webhook http://127.0.0.1:3335/telephony/webhook',
      'serve status --json',
      'serve status --json',
      'funnel --https=443 --set-path=/telephony/webhook off',
    ]);
  });
  it('serves a folder of paths on another port when asked', async () => {
    const tunnel = await opening({ tailscale: { path: '/telephony', port: 8443 } });
    expect(tunnel.publicUrl.href).toBe(`https://${dnsName}:8443/telephony/webhook`);
    expect(scene.config().Web?.[`${dnsName}:8443`]?.Handlers).toEqual({
      '/telephony': { Proxy: 'http://127.0.0.1:3335/telephony' },
    });
    await tunnel.close();
  });
  it('leaves every other path and port as it was, and never resets', async () => {
    const before = {
      ...portWith(['/', '/blog'], true),
      TCP: { 443: { HTTPS: true }, 2222: { TCPForward: '127.0.0.1:22' } },
    };
    scene.setConfig(before);
    const tunnel = await opening();
    await tunnel.close();
    expect(scene.config()).toEqual(before);
    expect(scene.calls().join('\n')).not.toContain('reset');
  });
  it('does not publish other paths that only the tailnet reaches', async () => {
    const before = portWith(['/private'], false);
    scene.setConfig(before);
    await expect(opening()).rejects.toMatchObject({ code: 'conflict' });
    expect(scene.config()).toEqual(before);
  });
  it('does not take a path that leads elsewhere', async () => {
    const before = portWith(['/telephony/webhook'], true);
    scene.setConfig(before);
    await expect(opening()).rejects.toMatchObject({ code: 'conflict' });
    expect(scene.config()).toEqual(before);
  });
  it('does not take a port with a TCP forwarder, nor one of a serve in a terminal', async () => {
    scene.setConfig({ TCP: { 443: { TCPForward: '127.0.0.1:22' } } });
    await expect(opening()).rejects.toMatchObject({ code: 'conflict' });
    scene.setConfig({ Foreground: { abc: { TCP: { 443: { HTTPS: true } } } } });
    await expect(opening()).rejects.toMatchObject({ code: 'conflict' });
  });
  it('takes over what a crash of ours left behind, and removes it on close', async () => {
    const crashed = await opening();
    expect(crashed.publicUrl.host).toBe(dnsName);
    const tunnel = await opening();
    await tunnel.close();
    expect(scene.config().Web).toEqual({});
  });
  it('leaves our path alone on close when somebody has led it elsewhere meanwhile', async () => {
    const tunnel = await opening();
    const theirs = portWith(['/telephony/webhook'], true);
    scene.setConfig(theirs);
    await tunnel.close();
    expect(scene.config()).toEqual(theirs);
  });
  it('says how to remove by hand what it could not remove', async () => {
    const logger = createLogJournal();
    const tunnel = await opening({ logger });
    scene.setMood('denied');
    await tunnel.close();
    expect(await tunnel.closed).toMatchObject({
      because: 'closed',
      error: {
        code: 'not_permitted',
        message: expect.stringContaining(
          'tailscale funnel --https=443 --set-path=/telephony/webhook off',
        ),
      },
    });
    expect(logger.text()).toContain('--set-path=/telephony/webhook off');
  });
  it('closes when its signal is aborted', async () => {
    const abort = new AbortController();
    const tunnel = await opening({ signal: abort.signal });
    abort.abort();
    expect(await tunnel.closed).toEqual({ because: 'aborted' });
    expect(scene.config().Web).toEqual({});
  });
  it('says how to remove by hand what a service that is down cannot tell of', async () => {
    const tunnel = await opening();
    scene.setStatus('failed to connect to local tailscaled');
    await tunnel.close();
    expect(await tunnel.closed).toMatchObject({
      error: { code: 'not_running', message: expect.stringMatching(/systemctl.* off`/u) },
    });
  });
  it('undoes a command that did its work and then hung', async () => {
    scene.setMood('hang after');
    const abort = new AbortController();
    const spawnWatched: SpawnProcess = (file, args, options) => {
      const child = spawn(file, args, options);
      if (args.includes('--bg')) child.stdout?.once('data', () => abort.abort());
      return child;
    };
    await expect(opening({ signal: abort.signal, spawn: spawnWatched })).rejects.toMatchObject({
      code: 'aborted',
    });
    expect(scene.config().Web).toEqual({});
    expect(scene.calls().at(-1)).toMatch(/ off$/u);
  });
});

describe('tailscale serve', { timeout: 20_000 }, () => {
  it('opens for the tailnet, says so, and gives no address to a carrier', async () => {
    const logger = createLogJournal();
    const tunnel = await opening({ provider: 'tailscale-serve', logger });
    expect(tunnel.reach).toBe('tailnet');
    expect(logger.text()).toContain('no carrier gets through');
    expect(() => carrierUrl(tunnel)).toThrow(
      expect.objectContaining({ code: 'not_public', reason: 'tailnet_only' }),
    );
    await tunnel.close();
    expect(scene.config().Web).toEqual({});
  });
  it('does not take other paths off the internet', async () => {
    const before = portWith(['/blog'], true);
    scene.setConfig(before);
    await expect(opening({ provider: 'tailscale-serve' })).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(scene.config()).toEqual(before);
  });
});

describe('a Tailscale that is not ready', { timeout: 20_000 }, () => {
  it('is explained when it is not installed', async () => {
    await expect(opening({ environment: { PATH: '/nowhere' } })).rejects.toMatchObject({
      code: 'not_installed',
    });
  });
  it.each([
    ['not_logged_in', { BackendState: 'NeedsLogin', Self: { DNSName: '' } }, 'tailscale up'],
    ['not_logged_in', { BackendState: 'NeedsMachineAuth' }, 'admin'],
    ['not_running', { BackendState: 'Stopped' }, 'tailscale up'],
    ['not_running', [], 'tailscale up'],
    ['not_enabled', { BackendState: 'Running', Self: { DNSName: '' } }, 'MagicDNS'],
    ['not_enabled', { BackendState: 'Running', Self: { DNSName: 'a b/@c.ts.net.' } }, 'MagicDNS'],
    [
      'not_running',
      "failed to connect to local tailscaled; it doesn't appear to be running",
      'tailscaled',
    ],
    ['start_failed', 'a new kind of trouble', 'a new kind of trouble'],
  ])('is explained as %s: %j', async (code, status, words) => {
    scene.setStatus(status);
    await expect(opening()).rejects.toMatchObject({
      code,
      message: expect.stringContaining(words),
    });
  });
  it.each([
    ['consent', 'not_enabled', 'https://login.tailscale.com/f/funnel?node=nTESTCNTRL'],
    ['no funnel', 'not_enabled', 'node attribute'],
    ['shields up', 'not_enabled', '--shields-up=false'],
    ['denied', 'not_permitted', '--operator=$USER'],
    ['old', 'start_failed', '1.52'],
    ['succeed silently', 'start_failed', 'does not show it'],
  ] as const)('is explained when funnel meets "%s"', async (mood, code, words) => {
    scene.setMood(mood);
    await expect(opening()).rejects.toMatchObject({
      code,
      message: expect.stringContaining(words),
    });
    expect(scene.config()).toEqual({});
  });
  it('does not keep us waiting beyond the time of a command', async () => {
    await expect(opening({ commandTimeoutMs: 1 })).rejects.toMatchObject({ code: 'timeout' });
  });
});
