import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { inspect, promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createCloudflaredScene } from './cloudflared-scene.testing.ts';
import { deferred } from './deferred.ts';
import { createLogJournal } from './log-journal.testing.ts';
import type { ConnectNgrok, NgrokRequest } from './ngrok-session.ts';
import { openTunnel } from './open-tunnel.ts';
import type { OpenTunnelOptions, Tunnel } from './tunnel.ts';

const authToken = '2abcCANARYcanary_1234567890abcdefghijk';

/** A ngrok that gives `url`, and keeps what it was asked. */
function fakeNgrok(url: string | null = 'https://calm-sea.ngrok-free.app') {
  const requests: NgrokRequest[] = [];
  let closedCount = 0;
  const connect: ConnectNgrok = async (request) => {
    requests.push(request);
    return {
      url,
      close: async () => {
        closedCount += 1;
      },
    };
  };
  return { connect, requests, closedCount: () => closedCount };
}

const opening = (
  connectNgrok: ConnectNgrok,
  options: Partial<OpenTunnelOptions> = {},
): Promise<Tunnel> =>
  openTunnel({
    provider: 'ngrok',
    port: 3335,
    path: '/telephony/webhook',
    ngrok: { authToken },
    connectNgrok,
    ...options,
  });

describe('an ngrok tunnel', () => {
  it('has the address that ngrok gives, with our path', async () => {
    const ngrok = fakeNgrok();
    const tunnel = await opening(ngrok.connect);
    expect(tunnel.publicUrl.href).toBe('https://calm-sea.ngrok-free.app/telephony/webhook');
    expect(tunnel.reach).toBe('internet');
    expect(ngrok.requests).toMatchObject([{ authToken, target: 'http://127.0.0.1:3335' }]);
    await tunnel.close();
    await tunnel.close();
    expect(ngrok.closedCount()).toBe(1);
    expect(await tunnel.closed).toEqual({ because: 'closed' });
  });
  it('asks for the domain, and refuses another one', async () => {
    const ngrok = fakeNgrok('https://sms.example.com');
    const tunnel = await opening(ngrok.connect, {
      ngrok: { authToken, domain: 'sms.example.com' },
    });
    expect(ngrok.requests).toMatchObject([{ domain: 'sms.example.com' }]);
    await tunnel.close();
    const other = fakeNgrok('https://calm-sea.ngrok-free.app');
    await expect(
      opening(other.connect, { ngrok: { authToken, domain: 'sms.example.com' } }),
    ).rejects.toMatchObject({ code: 'start_failed' });
    expect(other.closedCount()).toBe(1);
  });
  it.each([null, '', 'tcp://1.tcp.ngrok.io:1234', 'http://calm-sea.ngrok-free.app'])(
    'is not open when ngrok gives %j',
    async (url) => {
      const ngrok = fakeNgrok(url);
      await expect(opening(ngrok.connect)).rejects.toMatchObject({ code: 'start_failed' });
      expect(ngrok.closedCount()).toBe(1);
    },
  );
  it('tells a new address after the connection was lost', async () => {
    const ngrok = fakeNgrok();
    const logger = createLogJournal();
    const tunnel = await opening(ngrok.connect, { logger });
    const seen: string[] = [];
    tunnel.onUrlChange((url) => seen.push(url.href));
    const [request] = ngrok.requests;
    request?.onLost();
    request?.onRestored('https://calm-sea.ngrok-free.app');
    expect(seen).toEqual([]);
    request?.onRestored('https://red-fox.ngrok-free.app');
    request?.onRestored(null);
    expect(seen).toEqual(['https://red-fox.ngrok-free.app/telephony/webhook']);
    expect(tunnel.publicUrl.host).toBe('red-fox.ngrok-free.app');
    await tunnel.close();
    request?.onRestored('https://late.ngrok-free.app');
    expect(seen).toHaveLength(1);
    expect(logger.text()).not.toContain(authToken);
  });
  it('closes a session that comes after the time is over', async () => {
    const late = deferred<void>();
    const closed = deferred<void>();
    const connect: ConnectNgrok = async () => {
      await late.promise;
      return { url: 'https://calm-sea.ngrok-free.app', close: async () => closed.resolve() };
    };
    await expect(opening(connect, { openTimeoutMs: 1 })).rejects.toMatchObject({ code: 'timeout' });
    late.resolve();
    await closed.promise;
  });
  it('says so when ngrok does not confirm the end', async () => {
    const connect: ConnectNgrok = async () => ({
      url: 'https://calm-sea.ngrok-free.app',
      close: async () => {
        throw new Error(`no: ${authToken}`);
      },
    });
    const tunnel = await opening(connect);
    await tunnel.close();
    const end = await tunnel.closed;
    expect(end).toMatchObject({ because: 'closed', error: { code: 'start_failed' } });
    expect(inspect(end, { depth: 9 })).not.toContain(authToken);
  });
});

describe('what ngrok refuses', () => {
  it.each([
    ['auth_failed', 'ERR_NGROK_105'],
    ['auth_failed', 'ERR_NGROK_107'],
    ['conflict', 'ERR_NGROK_108'],
    ['not_permitted', 'ERR_NGROK_320'],
    ['conflict', 'ERR_NGROK_334'],
    ['start_failed', 'ERR_NGROK_9999'],
    ['start_failed', 'tls handshake'],
  ])('is told as %s for %s, without the token that ngrok quotes', async (code, words) => {
    const logger = createLogJournal();
    const refused = opening(
      async () => {
        throw new Error(
          `failed: this authtoken is not proper.\nYour authtoken: ${authToken}\n${words}`,
        );
      },
      { logger },
    );
    const error: unknown = await refused.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'TunnelError', code });
    expect(String(error).includes(words)).toBe(words.startsWith('ERR'));
    expect(inspect(error, { depth: 9, showHidden: true }) + logger.text()).not.toContain(authToken);
  });
});

describe('the module of ngrok', { timeout: 20_000 }, () => {
  const run = promisify(execFile);
  const program = fileURLToPath(new URL('module-loading.testing.ts', import.meta.url));

  it('is loaded at the first ngrok tunnel, not by this package nor by another provider', async () => {
    const scene = await createCloudflaredScene();
    const answer = run(process.execPath, [program, scene.environment['PATH'] ?? '']);
    await (await scene.next()).announce('calm-blue-sea');
    expect(JSON.parse((await answer).stdout)).toEqual({
      afterImport: false,
      afterCloudflared: false,
      ngrokAnswers: 'start_failed',
      afterNgrok: true,
    });
    await scene.close();
  });
});
