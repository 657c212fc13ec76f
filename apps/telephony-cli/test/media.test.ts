import { once } from 'node:events';
import { mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InboundDelivery } from '@openclaw/carrier-sim';
import { createProvider, parseConfig } from '@openclaw/telephony-config';
import { parseE164, TelephonyError } from '@openclaw/telephony-core';
import {
  createMediaHost,
  createTelephonyServer,
  type InboundMediaOptions,
  listen,
  type MediaSource,
  type ReceivedMedia,
} from '@openclaw/telephony-server';
import { createMemoryStore } from '@openclaw/telephony-store';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type CarrierName, carrierNames } from '../src/carrier-names.ts';
import { startSimulatedCarrier } from '../src/simulated-carrier.ts';

const ours = parseE164('+15550100100');
const ada = parseE164('+15550100123');
const publicUrl = 'https://bot.example.com';

function jpeg(size = 5000): Uint8Array {
  const bytes = Uint8Array.from({ length: size }, (_, index) => (index * 31) % 256);
  bytes.set([0xff, 0xd8, 0xff, 0xe0]);
  return bytes;
}

/** A server that answers nothing and notes everything, for one simulated carrier; over real HTTP both ways. */
async function start(
  carrier: CarrierName,
  options: { readonly inboundMedia?: InboundMediaOptions; readonly now?: () => Date } = {},
) {
  const origins: { [origin: string]: string } = {};
  const { sim, settings } = await startSimulatedCarrier(carrier, {
    numbers: [{ number: ours, messageUrl: `${publicUrl}/telephony/webhook` }],
    origins,
  });
  const folder = await mkdtemp(join(tmpdir(), 'telephony-media-'));
  const { now } = options;
  const mediaHost = createMediaHost({
    folder: join(folder, 'hosted'),
    publicUrl,
    ...(now ? { now } : {}),
  });
  const store = createMemoryStore();
  const texts: string[] = [];
  const received: ReceivedMedia[] = [];
  const server = createTelephonyServer({
    provider: createProvider(parseConfig({ ...settings, fromNumber: ours, publicUrl })),
    sender: { kind: 'number', address: ours },
    store,
    access: {
      decide: (sender) =>
        Promise.resolve(
          sender === ada ? { access: 'allow' } : { access: 'ignore', because: 'a stranger' },
        ),
      admits: () => Promise.resolve(true),
    },
    publicUrl,
    mediaHost,
    outbound: { segmentsPerSecond: Infinity },
    inboundMedia: { tryAgainAfterMs: [0, 0], ...options.inboundMedia },
    onMessage: async (message, _, { media }) => {
      received.push(...(await media()));
      texts.push(message.text);
    },
  });
  server.start();
  const listener = await listen(server.handler, { port: 0, bind: '127.0.0.1' });
  origins[publicUrl] = listener.url;
  onTestFinished(async () => {
    await sim.close();
    await listener.close();
    await server.close();
    mediaHost.close();
    await store.close();
    await rm(folder, { recursive: true });
  });
  /** Sends a text with media to us, and waits until it was handled. */
  async function text(media: readonly Uint8Array[], from: string = ada): Promise<InboundDelivery> {
    const files = media.map((bytes) => ({ contentType: 'image/jpeg', bytes }));
    const delivery = await sim.text({ from, to: ours, media: files });
    expect(delivery.acknowledged).toBe(true);
    if (from === ada) await expect.poll(() => texts).toHaveLength(1);
    return delivery;
  }
  const send = (media: readonly MediaSource[]) =>
    server.send({ to: ada, media, purpose: 'operator' }).catch((error: unknown) => {
      if (!TelephonyError.isInstance(error)) throw error;
      return `${error.code}: ${error.message}`;
    });
  return { sim, server, listener, folder, texts, received, text, send };
}

/** A server of somebody on this machine that redirects everything. */
async function redirecting(location: string): Promise<string> {
  const server = createServer((_, response) => response.writeHead(302, { location }).end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/picture`;
}

/** The fields of a webhook that names a picture at this URL. */
function pictureAt(carrier: CarrierName, url: string): object {
  if (carrier === 'telnyx') return { payload: { media: [{ url, content_type: 'image/jpeg' }] } };
  return carrier === 'twilio'
    ? { parameters: { MediaUrl0: url } }
    : { parameters: { Media0: url } };
}

const reasons = (media: readonly ReceivedMedia[]) =>
  media.map((one) => (one.status === 'fetched' ? one.contentType : one.reason));

describe.each(carrierNames)('a picture from %s', (carrier) => {
  it('arrives byte for byte without a word of text, and the CDN sees no credentials (C40, C42)', async () => {
    const { sim, texts, received, text } = await start(carrier);
    await text([jpeg()]);
    expect(texts).toEqual(['']);
    expect(received).toEqual([
      {
        status: 'fetched',
        bytes: Buffer.from(jpeg()),
        contentType: 'image/jpeg',
        fileName: 'media-1.jpg',
      },
    ]);
    expect(sim.cdnRequests).toHaveLength(1);
    expect(sim.cdnRequests[0]?.headers).not.toHaveProperty('authorization');
  });

  it('is not fetched from a stranger', async () => {
    const { sim, server, text } = await start(carrier);
    await text([jpeg()], '+15550100199');
    await server.idle();
    expect(sim.cdnRequests).toEqual([]);
  });

  it('is fetched again after two failures of the carrier, and the text is handled once (C41)', async () => {
    const { sim, received, texts, text } = await start(carrier);
    sim.faults.add({ on: 'media', kind: 'status-500' });
    sim.faults.add({ on: 'media', kind: 'cut-off-reply' });
    await text([jpeg()]);
    expect(reasons(received)).toEqual(['image/jpeg']);
    expect(texts).toHaveLength(1);
    expect(sim.cdnRequests).toHaveLength(3);
  });

  it('is missing in plain words when the carrier goes on failing, is gone, or sends too much (C41)', async () => {
    const failing = await start(carrier);
    failing.sim.faults.add({ on: 'media', kind: 'status-500', times: 3 });
    await failing.text([jpeg()]);
    expect(reasons(failing.received)).toEqual(['carrier-failed']);

    const lost = await start(carrier);
    const { cdnUrl } = lost.sim;
    const gone = pictureAt(carrier, `${cdnUrl}/gone/gone`);
    const files = [{ contentType: 'image/jpeg', bytes: jpeg() }];
    await lost.sim.text({ from: ada, to: ours, media: files, ...gone });
    await expect.poll(() => reasons(lost.received)).toEqual(['gone']);
    expect(lost.texts).toEqual(['']);

    const large = await start(carrier, { inboundMedia: { maxBytes: 4999 } });
    await large.text([jpeg(), jpeg(4999)]);
    expect(reasons(large.received)).toEqual(['too-large', 'image/jpeg']);
  });

  it('is one of ten at most', async () => {
    const { received, sim, text } = await start(carrier);
    await text(Array.from({ length: 11 }, () => jpeg(100)));
    expect(reasons(received)).toEqual([...Array<string>(10).fill('image/jpeg'), 'too-many']);
    expect(sim.cdnRequests).toHaveLength(10);
  });

  it('is not fetched from our own network, neither by its URL nor by a redirect', async () => {
    for (const place of [
      'https://10.0.0.7/picture',
      'https://169.254.169.254/latest/meta-data',
      'https://vault.internal/secret',
      'http://example.com/picture',
    ]) {
      for (const url of [place, await redirecting(place)]) {
        const { sim, received, texts } = await start(carrier);
        const files = [{ contentType: 'image/jpeg', bytes: jpeg() }];
        await sim.text({ from: ada, to: ours, media: files, ...pictureAt(carrier, url) });
        await expect.poll(() => texts).toHaveLength(1);
        expect(reasons(received)).toEqual(['refused']);
      }
    }
  });
});

describe.each(carrierNames)('a file for %s', (carrier) => {
  it('is fetched by the carrier byte for byte, and no longer when the URL has expired', async () => {
    let time = Date.now();
    const { sim, folder, listener, send } = await start(carrier, { now: () => new Date(time) });
    const file = join(folder, 'My Cat.jpg');
    await writeFile(file, jpeg(400_000));
    await send([
      { file },
      { bytes: Buffer.from('BEGIN:VCARD\nEND:VCARD'), contentType: 'text/vcard' },
    ]);
    await sim.nextMessage();
    await sim.settled();
    const [message] = sim.messages;
    expect(message?.mediaDownloads).toEqual([
      {
        url: expect.stringMatching(
          /^https:\/\/bot\.example\.com\/telephony\/media\/.{43}\/My-Cat\.jpg$/u,
        ),
        status: 200,
        contentType: 'image/jpeg',
        bytes: Buffer.from(jpeg(400_000)),
      },
      expect.objectContaining({ status: 200, contentType: 'text/vcard' }),
    ]);
    const path = new URL(message?.mediaUrls[0] ?? '').pathname;
    const again = await fetch(new URL(path, listener.url), { method: 'HEAD' });
    expect([again.status, again.headers.get('content-length')]).toEqual([200, '400000']);
    time += 10 * 60_000;
    expect((await fetch(new URL(path, listener.url))).status).toBe(404);
  });

  it('is refused before anything is queued when the carrier would not take it', async () => {
    const { sim, folder, server, send } = await start(carrier);
    const huge = join(folder, 'huge.jpg');
    const link = join(folder, 'link.jpg');
    await writeFile(huge, jpeg());
    await truncate(huge, 2 ** 40);
    await symlink(huge, link);
    expect(await send([{ file: huge }])).toMatch(/^invalid_request: .*more than \d+ bytes/u);
    expect(await send([{ file: link }])).toMatch(/^permission_denied: .*symbolic link/u);
    const one = { bytes: jpeg(100), contentType: 'image/jpeg' };
    expect(await send(Array.from({ length: 11 }, () => one))).toContain('11 media are too many');
    await server.idle();
    expect(sim.messages).toEqual([]);
  });
});

it.each([
  ['twilio', 5_000_000, 'image/jpeg', true],
  ['twilio', 5_000_001, 'image/jpeg', false],
  ['twilio', 500_000, 'audio/mpeg', true],
  ['twilio', 500_001, 'audio/mpeg', false],
  ['telnyx', 1_000_000, 'image/jpeg', true],
  ['telnyx', 1_000_001, 'image/jpeg', false],
  ['plivo', 2_000_000, 'audio/mpeg', true],
  ['plivo', 2_000_001, 'audio/mpeg', false],
] as const)('%s and %d bytes of %s: %s (D6)', async (carrier, size, contentType, isTaken) => {
  const { sim, server, send } = await start(carrier);
  const bytes = jpeg(size);
  if (contentType === 'audio/mpeg') bytes.set(Buffer.from('ID3'));
  await send([{ bytes, contentType }]);
  await server.idle();
  expect(sim.messages).toHaveLength(isTaken ? 1 : 0);
});
