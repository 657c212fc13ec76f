import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TelephonyError } from '@openclaw/telephony-core';
import { createMemoryStore, Retry } from '@openclaw/telephony-store';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openHost, picture, serveHost, temporaryFolder } from './media-host.testing.ts';
import type { MediaSource } from './media-source.ts';
import { ada, type RunningServer, startServer } from '../running-server.testing.ts';
import type { TelephonyServerOptions } from '../server-types.ts';

async function start(
  options: Parameters<typeof startServer>[0] = {},
): Promise<RunningServer & { readonly send: (media: readonly MediaSource[]) => Promise<unknown> }> {
  const running = await startServer(options);
  onTestFinished(() => running.close());
  const send = (media: readonly MediaSource[]) =>
    running.server.send({ to: ada, text: 'Look', media, purpose: 'operator' }).catch(explain);
  return { ...running, send };
}
const explain = (error: unknown): string =>
  TelephonyError.isInstance(error) ? `${error.code}: ${error.message}` : String(error);
const hostFor = async (settings: Parameters<typeof openHost>[1] = {}) => {
  const folder = join(await temporaryFolder(), 'media');
  const files = async (): Promise<number> => (await readdir(folder).catch(() => [])).length;
  return { mediaHost: openHost({ folder }, settings), folder, files };
};
const inMemory = (size = 40): MediaSource => ({ ...picture(size) });
const hrefsOf = ({ provider }: RunningServer) =>
  provider.sent.map(({ message }) => message.media?.map(({ href }) => href));
const refused = (retryAfterMs = 1): TelephonyError =>
  new TelephonyError('rate_limited', 'slow down', { outcome: 'not-performed', retryAfterMs });

describe('media of this machine', () => {
  it('leave as URLs that serve them, beside public URLs and in their order', async () => {
    const { mediaHost } = await hostFor();
    const file = join(await temporaryFolder(), 'ticket.png');
    await writeFile(file, picture(99).bytes);
    const running = await start({ mediaHost });
    const first = new URL('https://example.com/first.jpg');
    await running.send([first, { file }, inMemory()]);
    await running.sent();
    const [, ticket, cat] = hrefsOf(running)[0] ?? [];
    expect(hrefsOf(running)).toEqual([
      [
        first.href,
        expect.stringMatching(
          /^https:\/\/bot\.example\.com\/telephony\/media\/.{43}\/ticket\.png$/u,
        ),
        expect.stringMatching(/\/cat\.png$/u),
      ],
    ]);
    const ask = await serveHost(mediaHost);
    expect((await ask(new URL(ticket ?? '').pathname)).body).toHaveLength(99);
    // The server itself has them on its listener.
    const path = new URL(cat ?? '').pathname;
    expect((await running.post({ method: 'GET', path })).headers).toMatchObject({
      'content-type': 'image/png',
      'content-length': '40',
    });
    expect(running.lines.join()).not.toContain(path.split('/')[3]);
  });

  it('answer a text, too', async () => {
    const { mediaHost } = await hostFor();
    const running = await start({
      mediaHost,
      onMessage: (_, reply) => reply({ media: [inMemory()] }),
    });
    await running.text('a picture, please');
    await running.sent();
    expect(hrefsOf(running)).toEqual([[expect.stringContaining('/telephony/media/')]]);
  });

  it('need a media host and its public URL', async () => {
    const without = await start();
    expect(await without.send([inMemory()])).toBe(
      'unsupported: sending a file of this machine needs a media host: set mediaHost',
    );
    const { folder } = await hostFor();
    const unreachable = await start({
      mediaHost: openHost({ folder }, { publicUrl: () => undefined }),
    });
    expect(await unreachable.send([inMemory()])).toMatch(/^invalid_request: .*set publicUrl$/u);
    expect(await without.sent()).toEqual([]);
  });

  it('are given as what they are, also by a program without types', async () => {
    const { mediaHost } = await hostFor();
    const { send, server } = await start({ mediaHost });
    const untyped: unknown[] = [
      '/etc/passwd',
      null,
      { file: 7 },
      { bytes: 'x', contentType: 'a/b' },
    ];
    for (const source of [
      new URL('file:///etc/passwd'),
      new URL('telephony-media:abc'),
      new URL('data:,x'),
      ...untyped,
    ]) {
      const media: MediaSource[] = JSON.parse('[]');
      Reflect.set(media, 0, source);
      expect(await send(media)).toBe(
        'invalid_request: media 1 is no http or https URL, no { file } and no { bytes, contentType }',
      );
    }
    await server.idle();
  });

  it('are not read again for an answer that is queued already', async () => {
    const { mediaHost, files } = await hostFor();
    const file = join(await temporaryFolder(), 'chart.png');
    let runs = 0;
    const running = await start({
      mediaHost,
      onMessage: async (_, reply) => {
        runs += 1;
        if (runs === 1) await writeFile(file, picture().bytes);
        const queued = await reply({ text: 'Your chart', media: [{ file }] });
        expect(queued).toMatchObject({ messageCount: 1, duplicate: runs > 1 });
        if (runs > 1) return;
        await rm(file);
        throw new Retry(0, 'the process died here');
      },
    });
    await running.text('a chart, please');
    await expect.poll(() => runs).toBe(2);
    expect(await running.sent()).toEqual(['Your chart']);
    expect(await files()).toBe(2);
  });

  it('do not take the place of a webhook', async () => {
    const { folder } = await hostFor();
    const mediaHost = openHost({ folder }, { path: '/telephony' });
    await expect(startServer({ mediaHost })).rejects.toThrow('change one of them');
  });

  it('are measured against the carrier’s limits before anything is kept or queued', async () => {
    const { mediaHost, files } = await hostFor();
    const limits = { by: 'url', maxCount: 2, maxBytes: 2000, maxTotalBytes: 3000 } as const;
    const byType = [
      { types: ['image/png'], maxBytes: 2000 },
      { types: ['text/*'], maxBytes: 100 },
    ];
    const running = await start({
      mediaHost,
      capabilities: { outboundMedia: { ...limits, byType, safeTotalBytes: 1500 } },
    });
    const { send, lines } = running;
    expect(await send([inMemory(), inMemory(), inMemory()])).toContain('3 media are too many');
    expect(await send([inMemory(2001)])).toContain('more than 2000 bytes');
    expect(await send([inMemory(1600), inMemory(1500)])).toContain('3100 bytes together');
    const long = { bytes: Buffer.from('x'.repeat(101)), contentType: 'text/plain' };
    expect(await send([long])).toContain('101 bytes and this carrier takes 100 of text/plain');
    const song = { bytes: Buffer.from('ID3 la la'), contentType: 'audio/mpeg' };
    expect(await send([song])).toContain('takes no audio/mpeg');
    expect([await files(), await running.sent()]).toEqual([0, []]);
    expect(lines.join()).not.toContain('some networks may not deliver it');
    await send([inMemory(1600)]);
    expect(lines.join()).toContain('so large that some networks may not deliver it');
    const silent = await start({ capabilities: { outboundMedia: false }, mediaHost });
    expect(await silent.send([inMemory()])).toContain('unsupported: this carrier cannot send');
  });

  it('do not stay behind when their message is refused, was sent before, or fails for good', async () => {
    const { mediaHost, files } = await hostFor();
    const running = await start({
      mediaHost,
      outbound: { maxPerHour: 2, segmentsPerSecond: Infinity },
    });
    const { server, provider } = running;
    const send = (id: string) =>
      server.send({ to: ada, media: [inMemory()], purpose: 'operator', id }).catch(explain);
    provider.failNext(
      new TelephonyError('content_rejected', 'no cats', { outcome: 'not-performed' }),
    );
    await send('one');
    await running.sent();
    expect(await files()).toBe(0);
    await send('two');
    await running.sent();
    expect(await send('two')).toMatchObject({ duplicate: true });
    expect(await files()).toBe(2);
    expect(await send('three')).toContain('limit_reached');
    expect(await files()).toBe(2);
  });

  it('never leave with a dead URL, however long their message waits and however often it is tried', async () => {
    let time = Date.UTC(2026, 10, 20);
    const now = (): Date => new Date(time);
    const { mediaHost } = await hostFor({ now });
    const ask = await serveHost(mediaHost);
    const store = createMemoryStore({ now });
    const waiting = await start({ mediaHost, store, idle: true });
    await waiting.send([inMemory()]);
    await waiting.server.close();
    const tries: string[] = [];
    const startAgain = (refuses: boolean): ReturnType<typeof start> =>
      start({
        mediaHost,
        store,
        change: (provider) => ({
          ...provider,
          messaging: {
            ...provider.messaging,
            async send(message) {
              const path = message.media?.[0]?.pathname ?? '';
              tries.push(path);
              expect((await ask(path)).status).toBe(200);
              if (refuses) throw refused(60_000);
              return provider.messaging.send(message);
            },
          },
        }),
      });
    // Three days later, after a restart of server and host, and after a first try that the carrier refused.
    time += 3 * 24 * 3_600_000;
    const refusing = await startAgain(true);
    expect(await refusing.sent()).toEqual([]);
    await refusing.server.close();
    time += 60_000;
    const later = await startAgain(false);
    expect(await later.sent()).toEqual(['Look']);
    expect(tries).toHaveLength(2);
    time += 10 * 60_000 - 1;
    expect((await ask(tries[1] ?? '')).status).toBe(200);
    time += 1;
    expect((await ask(tries[1] ?? '')).status).toBe(404);
  });

  it('fail the message clearly when they were removed from the host meanwhile', async () => {
    const store = createMemoryStore();
    const { mediaHost } = await hostFor();
    const waiting = await start({ mediaHost, store, idle: true });
    const queued = await waiting.server.send({
      to: ada,
      media: [inMemory()],
      purpose: 'operator',
    });
    await waiting.server.close();
    const { mediaHost: emptied } = await hostFor();
    const later = await start({ mediaHost: emptied, store });
    expect(await later.sent()).toEqual([]);
    expect(await later.server.sendProgress(queued.id)).toMatchObject({
      messages: [
        { state: 'failed', code: 'not_found', reason: expect.stringContaining('send it again') },
      ],
    });
  });

  it('make a text wait while the host is full, and not get lost', async () => {
    let time = Date.UTC(2026, 10, 20);
    const now = (): Date => new Date(time);
    const { mediaHost } = await hostFor({ now, maxEntries: 1 });
    const options: Partial<TelephonyServerOptions> = {
      mediaHost,
      store: createMemoryStore({ now }),
      onMessage: (_, reply) => reply({ media: [inMemory()] }),
    };
    const running = await start(options);
    await running.text('first');
    await running.sent();
    await running.text('second');
    expect(await running.sent()).toHaveLength(1);
    time += 10 * 60_000;
    await expect.poll(async () => (await running.sent()).length).toBe(2);
  });
});
