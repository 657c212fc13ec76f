import { getEventListeners } from 'node:events';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type CloudflaredScene,
  createCloudflaredScene,
  quickTunnelLog,
} from './cloudflared-scene.testing.ts';
import { deferred } from './deferred.ts';
import { createLogJournal } from './log-journal.testing.ts';
import { openTunnel } from './open-tunnel.ts';
import type { OpenTunnelOptions, Tunnel } from './tunnel.ts';

let scene: CloudflaredScene;
const open: Tunnel[] = [];

beforeEach(async () => {
  scene = await createCloudflaredScene();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((tunnel) => tunnel.close()));
  await scene.close();
});

const opening = (options: Partial<OpenTunnelOptions> = {}): Promise<Tunnel> =>
  openTunnel({
    provider: 'cloudflared',
    port: 3335,
    path: '/telephony/webhook',
    environment: scene.environment,
    restart: { backOffMs: () => 0 },
    ...options,
  });

async function opened(label: string, options: Partial<OpenTunnelOptions> = {}) {
  const promise = opening(options);
  const fake = await scene.next();
  await fake.announce(label);
  const tunnel = await promise;
  open.push(tunnel);
  return { tunnel, fake };
}

describe('a quick tunnel of cloudflared', { timeout: 20_000 }, () => {
  it('has the address that cloudflared announces, with our path', async () => {
    const { tunnel, fake } = await opened('calm-blue-sea');
    expect(tunnel.publicUrl.href).toBe('https://calm-blue-sea.trycloudflare.com/telephony/webhook');
    expect(tunnel.reach).toBe('internet');
    expect(fake.args).toEqual([
      'tunnel',
      '--config',
      '/dev/null',
      '--no-autoupdate',
      '--url',
      'http://127.0.0.1:3335',
    ]);
  });
  it('hands out a copy of its address, so nobody changes it for the others', async () => {
    const { tunnel } = await opened('calm-blue-sea');
    tunnel.publicUrl.pathname = '/elsewhere';
    expect(tunnel.publicUrl.pathname).toBe('/telephony/webhook');
  });
  it('tells the child nothing of our environment but where programs and settings are', async () => {
    const { fake } = await opened('calm-blue-sea', {
      environment: { ...scene.environment, TWILIO_AUTH_TOKEN: 'canary', TUNNEL_TOKEN: 'canary' },
    });
    expect(Object.keys(fake.environment)).toEqual(expect.arrayContaining(['HOME', 'PATH']));
    expect(JSON.stringify(fake.environment)).not.toContain('canary');
  });
  it('is not open before the edge is connected', async () => {
    const promise = opening();
    let isOpen = false;
    void promise.finally(() => (isOpen = true));
    const fake = await scene.next();
    const [connected = '', ...earlier] = quickTunnelLog('calm-blue-sea').toReversed();
    for (const print of earlier.toReversed()) await fake.tell({ print });
    expect(isOpen).toBe(false);
    await fake.tell({ print: connected });
    open.push(await promise);
  });
  it('is given up after its time', async () => {
    await expect(opening({ openTimeoutMs: 1 })).rejects.toMatchObject({
      name: 'TunnelError',
      code: 'timeout',
    });
  });
  it('ends the child on close, and says so once', async () => {
    const { tunnel, fake } = await opened('calm-blue-sea');
    await Promise.all([tunnel.close(), tunnel.close()]);
    await fake.dead;
    expect(await tunnel.closed).toEqual({ because: 'closed' });
  });
  it('kills a child that does not end when asked', async () => {
    const { tunnel, fake } = await opened('calm-blue-sea', { stopTimeoutMs: 50 });
    await fake.tell({ ignoreTerm: true });
    await tunnel.close();
    await fake.dead;
    expect(await tunnel.closed).toEqual({ because: 'closed' });
  });
  it('ends the child when its signal is aborted', async () => {
    const abort = new AbortController();
    const { tunnel, fake } = await opened('calm-blue-sea', { signal: abort.signal });
    abort.abort();
    await fake.dead;
    expect(await tunnel.closed).toEqual({ because: 'aborted' });
  });
  it('leaves no listener on the signal once it is closed', async () => {
    const { signal } = new AbortController();
    const { tunnel } = await opened('calm-blue-sea', { signal });
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    await tunnel.close();
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
  it('leaves no child behind when it is aborted while it opens', async () => {
    const abort = new AbortController();
    const promise = opening({ signal: abort.signal });
    const fake = await scene.next();
    abort.abort(new Error('canary'));
    await expect(promise).rejects.toMatchObject({ code: 'aborted' });
    await fake.dead;
  });
  it('starts nothing when its signal is aborted already', async () => {
    await expect(opening({ signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'aborted',
    });
  });
});

describe('a cloudflared that ends by itself', { timeout: 20_000 }, () => {
  it('is started again, and the new address is told', async () => {
    const { tunnel, fake } = await opened('calm-blue-sea');
    const changed = deferred<URL>();
    const gone: URL[] = [];
    const off = tunnel.onUrlChange((url) => gone.push(url));
    off();
    tunnel.onUrlChange(() => {
      throw new Error('a listener of somebody else');
    });
    tunnel.onUrlChange((url) => changed.resolve(url));
    await fake.tell({ exit: 1 });
    const second = await scene.next();
    await second.announce('loud-red-fox');
    expect((await changed.promise).href).toBe(
      'https://loud-red-fox.trycloudflare.com/telephony/webhook',
    );
    expect(tunnel.publicUrl.host).toBe('loud-red-fox.trycloudflare.com');
    expect(gone).toEqual([]);
    await tunnel.close();
    await second.dead;
  });
  it('is started again when Cloudflare has forgotten the tunnel', async () => {
    const { tunnel, fake } = await opened('calm-blue-sea');
    const changed = deferred<URL>();
    tunnel.onUrlChange((url) => changed.resolve(url));
    await fake.tell({
      print:
        '2026-11-20T16:00:00Z ERR Register tunnel error from server side error="Unauthorized: Tunnel not found" connIndex=0',
    });
    await fake.dead;
    await (await scene.next()).announce('loud-red-fox');
    expect((await changed.promise).host).toBe('loud-red-fox.trycloudflare.com');
  });
  it('waits longer each time, and is given up after the last attempt', async () => {
    const waits: number[] = [];
    const backOffMs = (attempt: number): number => (waits.push(attempt), 0);
    const logger = createLogJournal();
    const { tunnel, fake } = await opened('calm-blue-sea', {
      restart: { maxAttempts: 2, backOffMs },
      logger,
    });
    await fake.tell({ exit: 1 });
    await (await scene.next()).tell({ exit: 1 });
    await (await scene.next()).tell({ exit: 1 });
    expect(await tunnel.closed).toMatchObject({
      because: 'failed',
      error: { code: 'start_failed' },
    });
    expect(waits).toEqual([1, 2]);
    expect(logger.text()).toContain('is not started again');
    await tunnel.close();
  });
  it('counts from one again after it was up for a minute', async () => {
    const waits: number[] = [];
    let at = 0;
    const { fake } = await opened('calm-blue-sea', {
      now: () => at,
      restart: { maxAttempts: 9, backOffMs: (attempt) => (waits.push(attempt), 0) },
    });
    await fake.tell({ exit: 1 });
    const second = await scene.next();
    await second.announce('calm-blue-sea');
    await second.tell({ exit: 1 });
    const third = await scene.next();
    at = 60_000;
    await third.announce('calm-blue-sea');
    at = 120_000;
    await third.tell({ exit: 1 });
    await scene.next();
    expect(waits).toEqual([1, 2, 1]);
  });
  it('ends the tunnel as failed when the back-off of the caller throws', async () => {
    const { tunnel, fake } = await opened('calm-blue-sea', {
      restart: {
        backOffMs: () => {
          throw new Error('canary');
        },
      },
    });
    await fake.tell({ exit: 1 });
    const end = await tunnel.closed;
    expect(end).toMatchObject({ because: 'failed', error: { code: 'start_failed' } });
    expect(inspect(end, { depth: 9 })).not.toContain('canary');
  });
  it('is not started again while the tunnel closes', async () => {
    const { tunnel, fake } = await opened('calm-blue-sea', {
      restart: { backOffMs: () => 600_000 },
    });
    await fake.tell({ exit: 1 });
    await fake.dead;
    await tunnel.close();
    expect(await tunnel.closed).toEqual({ because: 'closed' });
  });
});

describe('a cloudflared that does not come up', { timeout: 20_000 }, () => {
  it('is explained when it is not installed', async () => {
    await expect(opening({ environment: { PATH: '/nowhere' } })).rejects.toMatchObject({
      code: 'not_installed',
      message: expect.stringContaining('cloudflared.executable'),
    });
  });
  it('is not looked for in folders relative to where we are', async () => {
    await expect(opening({ environment: { PATH: ':.:bin' } })).rejects.toMatchObject({
      code: 'not_installed',
    });
  });
  it.each([
    [
      'rate_limited',
      '2026-11-20T16:00:00Z ERR Error unmarshaling QuickTunnel response: error code: 1015 error="invalid character" status_code="429 Too Many Requests"',
    ],
    ['auth_failed', 'Provided Tunnel token is not valid.'],
    [
      'start_failed',
      'failed to request quick Tunnel: Post "https://api.trycloudflare.com/tunnel": dial tcp: lookup api.trycloudflare.com: no such host',
    ],
  ])('is explained as %s', async (code, print) => {
    const promise = opening();
    const fake = await scene.next();
    await fake.tell({ print });
    await fake.tell({ exit: 1 });
    await expect(promise).rejects.toMatchObject({ code });
  });
});

describe('a tunnel of one’s own Cloudflare account', { timeout: 20_000 }, () => {
  const token = `eyJhIjoiY2FuYXJ5${'x'.repeat(60)}`;
  const cloudflared = { token, hostname: 'sms.example.com' };

  it('gets its token through the environment of the child, never on its command line', async () => {
    const promise = opening({ cloudflared });
    const fake = await scene.next();
    await fake.announce('not-this-one');
    const tunnel = await promise;
    open.push(tunnel);
    expect(tunnel.publicUrl.href).toBe('https://sms.example.com/telephony/webhook');
    expect(fake.environment['TUNNEL_TOKEN']).toBe(token);
    expect(fake.args.slice(-1)).toEqual(['run']);
    expect(fake.args.join(' ')).not.toContain(token);
  });
  it('keeps the token out of errors and logs, even when cloudflared prints it', async () => {
    const logger = createLogJournal();
    const promise = opening({ cloudflared, logger });
    const fake = await scene.next();
    await fake.tell({ print: `2026-11-20T16:00:00Z ERR no such thing as ${token} here` });
    await fake.tell({ exit: 1 });
    const error: unknown = await promise.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'start_failed', message: expect.stringContaining('•••') });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(token);
    expect(logger.text()).toContain('no such thing as •••');
    expect(logger.text()).not.toContain(token);
  });
});
