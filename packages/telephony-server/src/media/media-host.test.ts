import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TelephonyError } from '@openclaw/telephony-core';
import { createMemoryStore, StoreError } from '@openclaw/telephony-store';
import { createSqliteStore } from '@openclaw/telephony-store/sqlite';
import fc from 'fast-check';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createMediaHost, type MediaHost } from './media-host.ts';
import { openHost, picture, type Place, serveHost, temporaryFolder } from './media-host.testing.ts';

const noon = Date.UTC(2026, 10, 20, 12);
const minute = 60_000;
let time = noon;
const now = (): Date => new Date(time);
beforeEach(() => {
  time = noon;
});

const places: readonly (readonly [string, () => Promise<Place>])[] = [
  ['a folder', async () => ({ folder: join(await temporaryFolder(), 'media') })],
  [
    'a store',
    async () => {
      const store = createSqliteStore({ path: join(await temporaryFolder(), 'bot.db'), now });
      onTestFinished(() => store.close());
      return { store: store.keyValue };
    },
  ],
];

const failureOf = (doing: Promise<unknown>): Promise<unknown> =>
  doing.then(
    () => undefined,
    (error: unknown) =>
      TelephonyError.isInstance(error)
        ? { code: error.code, outcome: error.outcome, retryAfterMs: error.retryAfterMs }
        : error,
  );

/** Keeps a picture and serves it; returns the path of its URL. */
async function publish(host: MediaHost, file = picture()): Promise<string> {
  return (await host.publish(await host.keep(file))).pathname;
}

describe.each(places)('a media host in %s', (_name, makePlace) => {
  it('serves a file byte for byte, as often as a carrier asks', async () => {
    const host = openHost(await makePlace(), { now });
    const ask = await serveHost(host);
    const file = picture(2_000_000);
    const url = await host.publish(await host.keep(file));
    expect(url.href).toMatch(
      /^https:\/\/bot\.example\.com\/telephony\/media\/[\w-]{43}\/cat\.png$/u,
    );
    for (const path of [url.pathname, url.pathname, `${url.pathname}?from=carrier`]) {
      const { status, headers, body } = await ask(path);
      expect(status).toBe(200);
      expect(headers).toMatchObject({
        'content-type': 'image/png',
        'content-length': '2000000',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      });
      expect(Buffer.compare(body, file.bytes)).toBe(0);
    }
    const head = await ask(url.pathname, 'HEAD');
    expect([head.status, head.headers['content-length'], head.body.length]).toEqual([
      200,
      '2000000',
      0,
    ]);
  });

  it('serves nothing before its message is handed to the carrier, and nothing after the URL has expired', async () => {
    const host = openHost(await makePlace(), { now });
    const ask = await serveHost(host);
    const secret = await host.keep(picture());
    expect((await ask(`/telephony/media/${secret}/cat.png`)).status).toBe(404);
    // The message waits for two days: the ten minutes begin when it leaves.
    time += 48 * 60 * minute;
    const { pathname } = await host.publish(secret);
    time += 10 * minute - 1;
    expect((await ask(pathname)).status).toBe(200);
    time += 1;
    expect((await ask(pathname)).status).toBe(404);
    await host.removeExpired();
    expect(await failureOf(host.publish(secret))).toMatchObject({ code: 'not_found' });
    // A week is the longest that a file waits, whether somebody has removed it by then or not.
    const late = await host.keep(picture());
    time += 7 * 24 * 60 * minute - 1;
    const last = await host.publish(late);
    time += 10 * minute - 1;
    expect((await ask(last.pathname)).status).toBe(200);
    const tooLate = await host.keep(picture());
    time += 7 * 24 * 60 * minute;
    expect(await failureOf(host.publish(tooLate))).toMatchObject({ code: 'not_found' });
  });

  it('keeps a file whose message was not sent, and gives it a fresh URL with the next try', async () => {
    const host = openHost(await makePlace(), { now });
    const ask = await serveHost(host);
    const secret = await host.keep(picture());
    const { pathname } = await host.publish(secret);
    await host.withdraw(secret);
    expect((await ask(pathname)).status).toBe(404);
    time += 60 * minute;
    await host.removeExpired();
    await host.publish(secret);
    expect((await ask(pathname)).status).toBe(200);
    // What a carrier was told stays for it; what nobody was told goes.
    await host.discard(secret);
    expect((await ask(pathname)).status).toBe(200);
    await host.withdraw(secret);
    await host.discard(secret);
    expect(await failureOf(host.publish(secret))).toMatchObject({
      code: 'not_found',
      outcome: 'not-performed',
    });
  });

  it('serves on after a restart', async () => {
    const place = await makePlace();
    const first = openHost(place, { now });
    const secret = await first.keep(picture());
    const pathname = await publish(first, picture(50, 'dog.png'));
    first.close();
    const second = openHost(place, { now });
    const ask = await serveHost(second);
    expect((await ask(pathname)).body).toHaveLength(50);
    expect((await ask((await second.publish(secret)).pathname)).status).toBe(200);
  });

  it('takes no more than it may keep, and says when to come again', async () => {
    const host = openHost(await makePlace(), { now, maxEntries: 2, maxTotalBytes: 1000 });
    await publish(host);
    expect(await failureOf(host.keep(picture(961)))).toMatchObject({ code: 'limit_reached' });
    await host.keep(picture());
    time += minute;
    expect(await failureOf(host.keep(picture()))).toEqual({
      code: 'limit_reached',
      outcome: 'not-performed',
      retryAfterMs: 9 * minute,
    });
    time += 9 * minute;
    const together = await Promise.all([host.keep(picture()), failureOf(host.keep(picture()))]);
    expect(together[1]).toMatchObject({ code: 'limit_reached', retryAfterMs: minute });
    // A message that never left does not keep its place for ever.
    time += 7 * 24 * 60 * minute;
    await host.keep(picture());
    await host.keep(picture());
  });

  it('gives the same answer to whatever else is asked', async () => {
    const host = openHost(await makePlace(), { now });
    const ask = await serveHost(host);
    const path = await publish(host);
    const secret = path.split('/')[3] ?? '';
    const waiting = await host.keep(picture());
    const wrong = [
      '/telephony/media/',
      `/telephony/media/${secret}`,
      `/telephony/media/${secret}/`,
      `/telephony/media/${secret}/dog.png`,
      `/telephony/media/${secret}/cat.png/`,
      `/telephony/media/${secret.slice(0, -1)}/cat.png`,
      `/telephony/media/${secret.slice(0, -1)}~/cat.png`,
      `/telephony/media/${'A'.repeat(43)}/cat.png`,
      `/telephony/media/${waiting}/cat.png`,
      `/telephony/media/${secret}/../${secret}/cat.png`,
      '/telephony/media/../../../../etc/passwd',
      '/telephony/media/..%2f..%2f..%2fetc/passwd',
      `/telephony/media/%2e%2e/${secret}`,
      '/telephony/media/\\..\\..\\',
    ];
    const answers = new Set<string>();
    for (const target of wrong) {
      const { status, headers, body } = await ask(target);
      const { date: _, ...rest } = headers;
      answers.add(JSON.stringify([status, rest, body.length]));
    }
    expect([...answers]).toEqual([expect.stringMatching(/^\[404,/u)]);
    const posted = await ask(path, 'POST', 'x'.repeat(100));
    expect([posted.status, posted.headers.allow]).toEqual([405, 'GET, HEAD']);
    expect((await ask('/telephony/media')).status).toBe(418);
    expect((await ask(path)).status).toBe(200);
  });
});

describe('a media host', () => {
  it('makes secrets of 256 bits that cannot be guessed from another', async () => {
    const store = createMemoryStore().keyValue;
    const asked: number[] = [];
    let next = 0;
    const random = (count: number): Uint8Array => {
      asked.push(count);
      next += 1;
      return new Uint8Array(count).fill(next);
    };
    const host = openHost({ store }, { random });
    expect(await host.keep(picture())).toBe(Buffer.alloc(32, 1).toString('base64url'));
    expect(asked).toEqual([32]);
    const real = openHost({ store: createMemoryStore().keyValue });
    const secrets = await Promise.all(Array.from({ length: 40 }, () => real.keep(picture())));
    expect(new Set(secrets).size).toBe(40);
  });

  it('never answers a path that it did not make, and never fails on one', async () => {
    const host = openHost({ store: createMemoryStore().keyValue });
    const ask = await serveHost(host);
    await publish(host);
    const path = fc.string({ unit: fc.constantFrom(...'./%2eAz_-?&=:@+~0'.split('')) });
    await fc.assert(
      fc.asyncProperty(path, async (rest) => {
        expect((await ask(`/telephony/media/${rest}`)).status).toBe(404);
      }),
      { numRuns: 50 },
    );
  });

  it('leaves neither URLs nor anything that others can read in its folder', async () => {
    const folder = join(await temporaryFolder(), 'media');
    const host = openHost({ folder });
    const secret = await host.keep(picture());
    const names = await readdir(folder);
    expect(names.map((name) => name.replace(/^[0-9a-f]{64}/u, '')).toSorted()).toEqual([
      '.bin',
      '.json',
    ]);
    expect(names.join()).not.toContain(secret);
    for (const path of [folder, ...names.map((name) => join(folder, name))]) {
      expect((await stat(path)).mode & 0o077).toBe(0);
    }
    await host.discard(secret);
    expect(await readdir(folder)).toEqual([]);
  });

  it('does not publish a file that was cut on the disk, and minds no stranger in its folder', async () => {
    const folder = join(await temporaryFolder(), 'media');
    const host = openHost({ folder });
    const secret = await host.keep(picture());
    const cut = (await readdir(folder)).find((name) => name.endsWith('.bin')) ?? '';
    await writeFile(join(folder, cut), 'x');
    await writeFile(join(folder, 'notes.txt'), 'hello');
    await writeFile(join(folder, `${'0'.repeat(64)}.json`), 'no JSON');
    expect(await failureOf(host.publish(secret))).toMatchObject({ code: 'not_found' });
    await publish(host);
  });

  it('asks for its public URL each time, and does without one clearly', async () => {
    let publicUrl: string | undefined = 'https://one.example.com';
    const host = openHost(
      { store: createMemoryStore().keyValue },
      { publicUrl: () => publicUrl, path: '/files' },
    );
    const secret = await host.keep(picture());
    publicUrl = 'https://two.example.com/telephony/webhook';
    expect((await host.publish(secret)).href).toBe(
      `https://two.example.com/files/${secret}/cat.png`,
    );
    publicUrl = undefined;
    await expect(host.keep(picture())).rejects.toThrow('set publicUrl');
    // The tunnel is down: the message waits, and is not given up.
    expect(await failureOf(host.publish(secret))).toMatchObject({ code: 'provider_unavailable' });
  });

  it('refuses settings that make no sense', () => {
    const store = createMemoryStore().keyValue;
    const make = (settings: object) => () => createMediaHost({ store, ...settings }).close();
    for (const path of ['media', '/', '/media/', '/a//b', '/a/../b', '/a b', '/%41']) {
      expect(make({ path })).toThrow('the path of a media host');
    }
    for (const name of ['ttlMs', 'keptMs', 'maxEntries', 'maxTotalBytes']) {
      expect(make({ [name]: 0 })).toThrow(name);
      expect(make({ [name]: Number.NaN })).toThrow(name);
      expect(make({ [name]: Infinity })).toThrow(name);
    }
  });
});

it('a media host that cannot write says so as a store that fails, and one that is full by what it has', async () => {
  const file = join(await temporaryFolder(), 'no-folder');
  await writeFile(file, '');
  const broken = openHost({ folder: join(file, 'media') }, { now });
  const failure: unknown = await broken.keep(picture()).catch((error: unknown) => error);
  expect(StoreError.isInstance(failure) && `${failure.code}: ${failure.message}`).toBe(
    'unavailable: the media host cannot keep files in its folder (ENOTDIR)',
  );
  const small = openHost({ store: createMemoryStore({ now }).keyValue }, { now, maxEntries: 1 });
  await small.keep(picture());
  await expect(small.keep(picture())).rejects.toThrow('the media host keeps 1 file and takes no');
});

it('keeps a file that is needed later for as long from then on', async () => {
  const host = openHost({ folder: await temporaryFolder() }, { now, keptMs: minute });
  const secret = await host.keep(picture(), { neededFrom: new Date(noon + 60 * minute) });
  const past = await host.keep(picture(), { neededFrom: new Date(noon - 60 * minute) });
  time = noon + minute;
  expect(await failureOf(host.publish(past))).toMatchObject({ code: 'not_found' });
  time = noon + 61 * minute - 1;
  expect((await host.publish(secret)).pathname).toContain(secret);
});
