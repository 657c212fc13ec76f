import type { InboundMedia, MessagingProvider } from '@openclaw/telephony-core';
import { TelephonyError } from '@openclaw/telephony-core';
import { createMemoryStore } from '@openclaw/telephony-store';
import { describe, expect, it, onTestFinished } from 'vitest';
import { picture } from './media-host.testing.ts';
import type { ReceivedMedia } from './media-received.ts';
import type { MessageHandler } from '../inbox/message-handler.ts';
import { type RunningServer, startServer } from '../running-server.testing.ts';
import type { TelephonyServerOptions } from '../server-types.ts';

type FetchMedia = NonNullable<MessagingProvider['fetchMedia']>;
const url = (name: string): InboundMedia => ({ url: new URL(`https://media.example.com/${name}`) });
const failing = (code: TelephonyError['code'], retryAfterMs?: number): TelephonyError =>
  new TelephonyError(code, 'no', {
    outcome: 'not-performed',
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });

/** A server whose application notes what it gets. */
async function start(
  fetchMedia: FetchMedia | undefined,
  options: Partial<TelephonyServerOptions> = {},
): Promise<
  RunningServer & {
    readonly received: (readonly ReceivedMedia[])[];
    readonly texts: string[];
    readonly fetched: string[];
  }
> {
  const received: (readonly ReceivedMedia[])[] = [];
  const [texts, fetched]: [string[], string[]] = [[], []];
  const onMessage: MessageHandler = async (message, _, { media }) => {
    received.push(await media());
    // Asked twice, fetched once.
    expect(await media()).toBe(received.at(-1));
    texts.push(message.text);
  };
  const running = await startServer({
    onMessage,
    ...options,
    change(provider) {
      const { capabilities } = provider.messaging;
      const send: MessagingProvider['send'] = (...asked) => provider.messaging.send(...asked);
      const noting: FetchMedia = async (media, callOptions) => {
        fetched.push(media.url.pathname.slice(1));
        if (fetchMedia === undefined) throw new Error('not reached');
        return fetchMedia(media, callOptions);
      };
      return {
        ...provider,
        messaging: { capabilities, send, ...(fetchMedia ? { fetchMedia: noting } : {}) },
      };
    },
  });
  onTestFinished(() => running.close());
  return { ...running, received, texts, fetched };
}
const answer = (bytes: Uint8Array): Response => new Response(Uint8Array.from(bytes));
const reasons = (media: readonly ReceivedMedia[] | undefined) =>
  media?.map((one) => (one.status === 'fetched' ? one.fileName : one.reason));

describe('media that come with a text', () => {
  it('are given with their real type, and a name of ours', async () => {
    const files = [picture().bytes, Buffer.from('BEGIN:VCARD\r\nEND:VCARD')];
    const server = await start(async () => answer(files.shift() ?? new Uint8Array()));
    const media = [
      { ...url('cat.exe'), contentType: 'application/x-msdownload' },
      { ...url('me.vcf'), contentType: 'text/plain' },
    ];
    await server.text('', { media });
    await server.server.idle();
    expect(server.texts).toEqual(['']);
    expect(server.received[0]).toEqual([
      {
        status: 'fetched',
        bytes: Buffer.from(picture().bytes),
        contentType: 'image/png',
        fileName: 'media-1.png',
      },
      expect.objectContaining({ contentType: 'text/vcard', fileName: 'media-2.vcf' }),
    ]);
  });

  it('are not fetched for a sender who was not let in, nor when nobody asks', async () => {
    const stranger = await start(async () => answer(picture().bytes), {
      access: {
        decide: () => Promise.resolve({ access: 'pair', code: 'ABCD' }),
        admits: () => Promise.resolve(false),
      },
    });
    await stranger.text('', { media: [url('a')] });
    await stranger.sent();
    const idle = await start(async () => answer(picture().bytes), { onMessage: () => undefined });
    await idle.text('', { media: [url('a')] });
    await idle.sent();
    expect([...stranger.fetched, ...idle.fetched]).toEqual([]);
  });

  it('are ten at most, and the application learns of the others', async () => {
    const server = await start(async () => answer(picture().bytes));
    await server.text('', { media: Array.from({ length: 11 }, (_, index) => url(`${index}`)) });
    await server.server.idle();
    expect(server.fetched).toHaveLength(10);
    expect(server.received[0]?.at(10)).toEqual({
      status: 'unavailable',
      reason: 'too-many',
      notice:
        'File 11 of 11 that came with this message is missing: the message came with too many files.',
    });
  });

  it('are no larger than they may be, each and together, whatever anybody says of their size', async () => {
    let chunkCount = 0;
    let isCancelled = false;
    const endless = (): Response =>
      new Response(
        new ReadableStream<Uint8Array>({
          pull(controller) {
            chunkCount += 1;
            controller.enqueue(new Uint8Array(1000));
          },
          cancel() {
            isCancelled = true;
          },
        }),
      );
    const sizes: { readonly [name: string]: number } = { a: 3000, b: 4001, c: 2000, d: 1 };
    const server = await start(
      async ({ url: { pathname } }) => {
        const size = sizes[pathname.slice(1)];
        return size === undefined ? endless() : answer(picture(Math.max(8, size)).bytes);
      },
      { inboundMedia: { maxBytes: 4000, maxTotalBytes: 5008 } },
    );
    const media = [url('a'), url('b'), url('c'), url('d'), url('endless')];
    await server.text('', { media: [...media, { ...url('said'), bytes: 4001 }] });
    await server.server.idle();
    expect(reasons(server.received[0])).toEqual([
      'media-1.png',
      'too-large',
      'media-3.png',
      'media-4.png',
      'too-large',
      'too-large',
    ]);
    expect(server.fetched).toEqual(['a', 'b', 'c', 'd', 'endless']);
    expect(isCancelled && chunkCount < 5).toBe(true);
  });

  it('are refused when their bytes are of no type that is let in', async () => {
    const server = await start(async () => answer(Buffer.from('<html><script></script></html>')));
    await server.text('look', { media: [{ ...url('cat.png'), contentType: 'image/png' }] });
    await server.server.idle();
    expect(reasons(server.received[0])).toEqual(['refused-type']);
    expect(server.texts).toEqual(['look']);
  });

  it.each(['rate_limited', 'provider_unavailable', 'timeout', 'network'] as const)(
    'are asked for again after %s before the text is done (C41)',
    async (code) => {
      let failures = 2;
      const server = await start(
        async () => {
          failures -= 1;
          if (failures >= 0) throw failing(code);
          return answer(picture().bytes);
        },
        { inboundMedia: { tryAgainAfterMs: [0, 0] } },
      );
      await server.text('look', { media: [url('a')] });
      await expect.poll(() => server.texts).toEqual(['look']);
      expect(reasons(server.received[0])).toEqual(['media-1.png']);
      expect(server.fetched).toHaveLength(3);
    },
  );

  it('are missing in plain words once the carrier has failed too often, and the text is handled (C41)', async () => {
    const server = await start(
      async () => {
        throw failing('provider_unavailable');
      },
      { inboundMedia: { tryAgainAfterMs: [0, 0] } },
    );
    await server.text('look', { media: [url('a'), url('b')] });
    await expect.poll(() => server.texts).toEqual(['look']);
    expect(reasons(server.received[0])).toEqual(['carrier-failed', 'carrier-failed']);
    expect(server.fetched).toEqual(['a', 'a', 'a', 'b']);
    expect(server.lines.join()).not.toContain('media.example.com');
  });

  it('wait as long as the carrier asks, and other waits of the text do not use up their tries', async () => {
    let time = Date.UTC(2026, 10, 20);
    const now = (): Date => new Date(time);
    let failures = 1;
    const server = await start(
      async () => {
        failures -= 1;
        if (failures >= 0) throw failing('rate_limited', 5000);
        return answer(picture().bytes);
      },
      { store: createMemoryStore({ now }), inboundMedia: { tryAgainAfterMs: [1] } },
    );
    await server.text('look', { media: [url('a')] });
    await server.server.idle();
    time += 4999;
    await server.server.idle();
    expect(server.fetched).toHaveLength(1);
    time += 1;
    await expect.poll(() => server.texts).toEqual(['look']);
  });

  it('are asked for again when the connection breaks in the middle of a file', async () => {
    let isFirst = true;
    const server = await start(
      async () => {
        if (!isFirst) return answer(picture().bytes);
        isFirst = false;
        return new Response(
          new ReadableStream<Uint8Array>({
            start(controller) {
              controller.enqueue(picture().bytes);
            },
            pull(controller) {
              controller.error(new TypeError('terminated'));
            },
          }),
        );
      },
      { inboundMedia: { tryAgainAfterMs: [0] } },
    );
    await server.text('look', { media: [url('a')] });
    await expect.poll(() => reasons(server.received[0])).toEqual(['media-1.png']);
  });

  it.each([
    ['not_found', 'gone'],
    ['auth_failed', 'refused'],
    ['permission_denied', 'refused'],
    ['invalid_request', 'refused'],
    ['malformed_response', 'refused'],
  ] as const)(
    'are missing at once after %s: the text is handled, and says so (C41)',
    async (code, reason) => {
      const server = await start(async () => {
        throw failing(code);
      });
      await server.text('look', { media: [url('a')] });
      await server.server.idle();
      expect(server.received).toEqual([
        [
          {
            status: 'unavailable',
            reason,
            notice: expect.stringMatching(/^The file that came with this message is missing: /u),
          },
        ],
      ]);
      expect(server.texts).toEqual(['look']);
    },
  );

  it('are missing where the provider fetches none', async () => {
    const server = await start(undefined);
    await server.text('look', { media: [url('a')] });
    await server.server.idle();
    expect(reasons(server.received[0])).toEqual(['unsupported']);
    await server.text('no media');
    await server.server.idle();
    expect(server.received[1]).toEqual([]);
  });

  it('stop being fetched when the run is given up, and the text waits for the next start', async () => {
    const store = createMemoryStore();
    const fetching = new EventTarget();
    const isFetching = new Promise((resolve) => {
      fetching.addEventListener('begin', resolve, { once: true });
    });
    const server = await start(
      (_, { signal } = {}) =>
        new Promise((_resolve, reject) => {
          fetching.dispatchEvent(new Event('begin'));
          signal?.addEventListener('abort', () => reject(failing('aborted')));
        }),
      { store },
    );
    await server.text('look', { media: [url('a')] });
    await isFetching;
    await server.server.close({ graceMs: 0 });
    const next = await start(async () => answer(picture().bytes), { store });
    await next.server.idle();
    expect(reasons(next.received[0])).toEqual(['media-1.png']);
  });

  it('are not bounded by what is no bound', async () => {
    const bounds = [
      { maxCount: Number.NaN },
      { maxBytes: -1 },
      { maxTotalBytes: Infinity },
      { tryAgainAfterMs: [0, Number.NaN] },
    ];
    for (const inboundMedia of bounds) {
      await expect(startServer({ inboundMedia })).rejects.toThrow(
        `inboundMedia.${Object.keys(inboundMedia).join()} is a number from 0 up`,
      );
    }
  });
});
