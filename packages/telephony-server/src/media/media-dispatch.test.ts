import { createMockProvider } from '@openclaw/provider-mock';
import { TelephonyError } from '@openclaw/telephony-core';
import { createMemoryStore, Dead, type Job, Retry } from '@openclaw/telephony-store';
import { beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../observe/logger.ts';
import { releasingMedia, withPublishedMedia } from './media-dispatch.ts';
import type { MediaHost } from './media-host.ts';
import { openHost, picture } from './media-host.testing.ts';
import { createMediaOutbox } from './media-outbox.ts';
import { toMediaRef } from './media-ref.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { ada, ours } from '../running-server.testing.ts';

const { messaging } = createMockProvider({ webhookSecret: 'only-for-tests' });
const { keyValue } = createMemoryStore();
let host: MediaHost;
let secret = '';
beforeEach(async () => {
  host = openHost({ store: createMemoryStore().keyValue });
  secret = await host.keep(picture());
});

const isServed = async (): Promise<boolean> => {
  // What is served is not discarded, and so can be published again.
  await host.discard(secret);
  return host.publish(secret).then(
    () => true,
    () => false,
  );
};
const failure = (outcome: 'not-performed' | 'unknown'): TelephonyError =>
  new TelephonyError('provider_unavailable', 'no', { outcome });
const message = () => ({
  to: ada,
  from: { kind: 'number', address: ours } as const,
  media: [new URL('https://example.com/a.png'), toMediaRef(secret)] as const,
});
const sendWith = (end: Error, on = host): Promise<unknown> =>
  withPublishedMedia({ ...messaging, send: () => Promise.reject(end) }, on)
    .send(message())
    .catch((caught: unknown) => caught);

const job = (): Job<{ readonly media: readonly string[] }> => ({
  id: 'one',
  lane: 'lane',
  attempt: 1,
  addedAt: new Date(0),
  payload: { media: ['https://example.com/a.png', toMediaRef(secret).href] },
});

describe('a message with files of this machine', () => {
  it('loses its URLs when it was surely not sent, and keeps them when it may have been', async () => {
    const refused = failure('not-performed');
    expect(await sendWith(refused)).toBe(refused);
    expect(await isServed()).toBe(false);

    secret = await host.keep(picture());
    await sendWith(failure('unknown'));
    expect(await isServed()).toBe(true);

    secret = await host.keep(picture());
    await sendWith(new Error('a provider that breaks the contract'));
    expect(await isServed()).toBe(true);
  });

  it('was surely not sent when the host fails, and waits', async () => {
    const broken = { ...host, publish: () => Promise.reject(new Error('EIO: /secret/path')) };
    const error = await sendWith(new Error('not reached'), broken);
    expect(error).toMatchObject({ code: 'provider_unavailable', outcome: 'not-performed' });
    expect(String(error)).not.toContain('/secret/path');
    // A host that cannot take a URL away does not turn a refusal into something unknown.
    const stuck = { ...host, withdraw: () => Promise.reject(new Error('EIO')) };
    const refused = failure('not-performed');
    expect(await sendWith(refused, stuck)).toBe(refused);
  });

  it('needs a host for them, and nothing for public URLs', async () => {
    const sending = withPublishedMedia(messaging, undefined);
    await expect(sending.send(message())).rejects.toMatchObject({ code: 'unsupported' });
    const { media: _, ...plain } = message();
    await sending.send({ ...plain, media: [new URL('https://example.com/a.png')] });
    expect(sending.capabilities).toBe(messaging.capabilities);
  });
});

const run = (end: () => Promise<void>): Promise<unknown> =>
  releasingMedia(end, { host, logger: silentLogger })(job()).catch((error: unknown) => error);

describe('an outbox job with files', () => {
  it('gives them back when it is done or dead, and holds them while it waits', async () => {
    expect(await run(() => Promise.reject(new Retry(1000)))).toBeInstanceOf(Retry);
    expect(await run(() => Promise.reject(new Error('the store is away')))).toBeInstanceOf(Error);
    await host.publish(secret);
    await host.withdraw(secret);
    expect(await run(() => Promise.reject(new Dead('refused')))).toBeInstanceOf(Dead);
    await expect(host.publish(secret)).rejects.toMatchObject({ code: 'not_found' });

    secret = await host.keep(picture());
    expect(await run(() => Promise.resolve())).toBeUndefined();
    await expect(host.publish(secret)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('is done even when they cannot be removed', async () => {
    const stuck = { ...host, discard: () => Promise.reject(new Error('EIO')) };
    const handle = releasingMedia(() => Promise.resolve(), { host: stuck, logger: silentLogger });
    await expect(handle(job())).resolves.toBeUndefined();
  });
});

describe('a send whose queueing fails', () => {
  it('keeps its files unless it is sure that nothing was queued', async () => {
    const kept: string[] = [];
    const watched: MediaHost = {
      ...host,
      async keep(file) {
        kept.push(await host.keep(file));
        return kept.at(-1) ?? '';
      },
    };
    const sendWhile = (end: Error): Promise<unknown> => {
      const outbox: Outbox = {
        send: () => Promise.reject(end),
        put: () => Promise.reject(end),
      };
      const options = { outbox, messaging, host: watched, keyValue, logger: silentLogger };
      return createMediaOutbox(options)
        .send({ id: 'one', to: ada, purpose: 'operator', media: [{ ...picture() }] })
        .catch((caught: unknown) => caught);
    };
    await sendWhile(new Error('the store failed in the middle of it'));
    await expect(host.publish(kept[0] ?? '')).resolves.toBeInstanceOf(URL);
    const refused = failure('not-performed');
    expect(await sendWhile(refused)).toBe(refused);
    await expect(host.publish(kept[1] ?? '')).rejects.toMatchObject({ code: 'not_found' });
  });
});
