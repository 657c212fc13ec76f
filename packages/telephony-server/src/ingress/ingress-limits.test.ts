import { connect } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { createMockProvider, createMockWebhook } from '@openclaw/provider-mock';
import {
  createMemoryStore,
  StoreError,
  type TelephonyStore,
  type WorkQueue,
} from '@openclaw/telephony-store';
import { afterEach, describe, expect, it } from 'vitest';
import { createBacklog } from '../inbox/backlog.ts';
import { parseSignalItem, parseTextItem, type TextItem } from '../inbox/inbox-item.ts';
import { createIngress } from './ingress.ts';
import { silentLogger } from '../observe/logger.ts';
import { ada, ours, type RunningServer, startServer } from '../running-server.testing.ts';

const open: RunningServer[] = [];
const start: typeof startServer = async (options) => {
  const running = await startServer(options);
  open.push(running);
  return running;
};
afterEach(async () => {
  await Promise.all(open.splice(0).map((running) => running.close()));
});
/** A clock for the server and its store, which a test sets. */
function clockwork() {
  const clock = { ms: Date.UTC(2026, 10, 20) };
  const now = (): Date => new Date(clock.ms);
  return { clock, now, store: createMemoryStore({ now, pollMs: 5 }) };
}
const forged = { headers: { 'x-mock-signature': 'a'.repeat(64) }, body: '{}' };
async function raw({ listener }: RunningServer, bytes: string): Promise<string> {
  const socket = connect({ port: Number(new URL(listener.url).port), host: '127.0.0.1' });
  socket.write(bytes);
  return readText(socket);
}

describe('a peer that sends what is refused', () => {
  it('is told to stop after 300 in a minute, and a signed text from it is taken all the same (C14)', async () => {
    const { clock, now, store } = clockwork();
    const running = await start({ now, store });
    for (let i = 0; i < 300; i += 1) expect((await running.post(forged)).status).toBe(401);
    expect(await running.post(forged)).toMatchObject({
      status: 429,
      headers: { 'retry-after': '60', connection: 'close' },
    });
    expect((await running.text('still there?')).status).toBe(200);
    expect(await running.sent()).toEqual(['echo still there?']);
    clock.ms += 60_000;
    expect((await running.post(forged)).status).toBe(401);
  });
  it('is told so before a byte is read, where no body could make it genuine', async () => {
    const running = await start({ limits: { failuresPerMinute: 0 } });
    const reply = await raw(
      running,
      'POST /telephony/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n',
    );
    expect(reply).toMatch(/^HTTP\/1\.1 429 /u);
    expect(reply).toContain('retry-after: ');
    for (const path of ['/nowhere', '//evil.example/telephony/webhook']) {
      expect((await running.post({ path })).status).toBe(429);
    }
    expect((await running.post({ method: 'PUT' })).status).toBe(429);
  });
  it('may send a flood while genuine texts come through the same proxy, none of which is refused (C14)', async () => {
    const running = await start({ limits: { failuresPerMinute: 10 } });
    const flood = Array.from({ length: 300 }, () => running.post(forged));
    const genuine = Array.from({ length: 20 }, (_, index) => running.text(`text ${index}`));
    expect((await Promise.all(genuine)).map(({ status }) => status)).toEqual(
      Array.from({ length: 20 }, () => 200),
    );
    expect(new Set((await Promise.all(flood)).map(({ status }) => status))).toEqual(
      new Set([401, 429]),
    );
    expect(await running.sent()).toHaveLength(20);
  });
  it('fills the log no further than its budget', async () => {
    const running = await start({ limits: { failuresPerMinute: 3 } });
    for (let i = 0; i < 10; i += 1) await running.post(forged);
    const warnings = running.lines.filter((line) => line.startsWith('warn'));
    expect(warnings.filter((line) => line.includes('webhook refused'))).toHaveLength(3);
    expect(warnings).toHaveLength(4);
  });
  it('may still ask whether we are alive', async () => {
    const running = await start({ limits: { failuresPerMinute: 0 } });
    await running.post(forged);
    expect((await running.post({ method: 'GET', path: '/health' })).status).toBe(200);
  });
});

describe('more texts than are handled in a minute', () => {
  it('wait in their lane, lose nothing and keep their order, and nobody else waits (C15)', async () => {
    const { clock, now, store } = clockwork();
    const running = await start({ now, store, limits: { textsPerSenderPerMinute: 3 } });
    for (const word of ['1', '2', '3', '4', '5', '6', '7']) {
      expect((await running.text(word)).status).toBe(200);
    }
    await running.text('hi', { from: '+15550100124' });
    await expect.poll(() => running.provider.sent.length).toBe(4);
    const toAda = (): readonly (string | undefined)[] =>
      running.provider.sent.filter(({ message }) => message.to === ada).map((s) => s.message.text);
    expect(toAda()).toEqual(['echo 1', 'echo 2', 'echo 3']);
    clock.ms += 60_000;
    await expect.poll(() => toAda().length).toBe(6);
    clock.ms += 60_000;
    await expect.poll(() => toAda().length).toBe(7);
    expect(toAda()).toEqual([1, 2, 3, 4, 5, 6, 7].map((n) => `echo ${n}`));
    const waits = running.lines.filter((line) => line.includes('too many texts'));
    expect(waits).not.toEqual([]);
    expect(waits.join('\n')).not.toMatch(/\+1|0123|555/u);
  });
  it('wait for their number too, and strangers who are ignored use up nothing of it', async () => {
    const { clock, now, store } = clockwork();
    const running = await start({
      now,
      store,
      limits: { textsPerNumberPerMinute: 2 },
      access: {
        admits: () => Promise.resolve(true),
        decide: (sender) =>
          Promise.resolve(
            sender.startsWith('+1555010')
              ? { access: 'allow' as const }
              : { access: 'ignore' as const, because: 'stranger' },
          ),
      },
    });
    for (let i = 0; i < 20; i += 1) await running.text('x', { from: `+4930${1_000_000 + i}` });
    for (let i = 0; i < 3; i += 1) await running.text('y', { from: `+1555010012${i}` });
    await expect.poll(() => running.provider.sent.length).toBe(2);
    clock.ms += 60_000;
    await expect.poll(() => running.provider.sent.length).toBe(3);
  });
  it('wait through as many minutes as it takes: waiting is no try that failed', async () => {
    const { clock, now, store } = clockwork();
    const running = await start({ now, store, limits: { textsPerSenderPerMinute: 1 } });
    for (let i = 0; i < 12; i += 1) await running.text(`${i}`);
    for (let sent = 1; sent <= 12; sent += 1) {
      await expect.poll(() => running.provider.sent.length).toBe(sent);
      clock.ms += 60_000;
    }
    const figures = await store.queue('texts:default', { parse: parseTextItem }).inspect();
    expect(figures).toMatchObject({ waiting: 0, dead: 0 });
  });
});

describe('more than may wait', () => {
  it('of one sender is answered 429 before anything is written, and a STOP of his is taken', async () => {
    const running = await start({ idle: true, limits: { maxWaitingPerSender: 2 } });
    await running.text('1', { id: 'a' });
    await running.text('2', { id: 'b' });
    expect(await running.text('3', { id: 'c' })).toMatchObject({
      status: 429,
      headers: { 'retry-after': '60' },
    });
    expect((await running.text('1', { id: 'other', from: '+15550100124' })).status).toBe(200);
    expect((await running.text('STOP', { id: 'd' })).status).toBe(200);
    const queue = running.store.queue('texts:default', { parse: parseTextItem });
    expect((await queue.inspect()).waiting).toBe(3);
    expect(running.lines.join('\n')).not.toMatch(/0123|0124/u);
  });
  it('of receipts is answered 503 before any write, and the same receipt is new when it comes again (C52)', async () => {
    const { clock, now, store } = clockwork();
    const running = await start({ now, store, idle: true, limits: { maxWaiting: 2 } });
    const receipt = (id: string) => running.receipt({ id, status: 'delivered' });
    expect((await receipt('m1')).status).toBe(200);
    expect((await receipt('m2')).status).toBe(200);
    expect(await receipt('m3')).toMatchObject({ status: 503, headers: { 'retry-after': '60' } });
    const queue = store.queue('signals:default', { parse: parseSignalItem });
    expect((await queue.inspect()).waiting).toBe(2);
    running.server.start();
    await running.server.idle();
    clock.ms += 1000;
    expect((await receipt('m3')).status).toBe(200);
    await running.server.idle();
    expect(await running.server.delivery('m3')).toMatchObject({ status: 'delivered' });
    expect(running.lines.join('\n')).not.toContain('seen before');
  });
  it('counts what waited before a restart', async () => {
    const store = createMemoryStore();
    const before = await startServer({ store, idle: true, limits: { maxWaiting: 2 } });
    await before.text('1', { id: 'a' });
    await before.text('2', { id: 'b' });
    await before.listener.close();
    await before.server.close();
    const after = await start({ store, idle: true, limits: { maxWaiting: 2 } });
    expect((await after.text('3', { id: 'c' })).status).toBe(503);
  });
  it('of writes under way is answered 503, so that a slow store does not fill the memory (C52)', async () => {
    const { webhooks } = createMockProvider({ webhookSecret: 's' });
    const store = createMemoryStore();
    const texts = store.queue('t', { parse: parseTextItem });
    const signals = store.queue('s', { parse: parseSignalItem });
    const finish: (() => void)[] = [];
    const slow: WorkQueue<TextItem> = {
      add: () => new Promise((done) => finish.push(() => done('added'))),
      inspect: () => texts.inspect(),
      countLane: (lane, limit) => texts.countLane(lane, limit),
      run: (handler, options) => texts.run(handler, options),
      dead: (options) => texts.dead(options),
      retryDead: (id) => texts.retryDead(id),
    };
    const backlog = createBacklog({ texts, signals, now: () => new Date(0) });
    const ingress = createIngress({
      webhooks,
      texts: slow,
      signals,
      backlog,
      maxWrites: 2,
      logger: silentLogger,
    });
    const text = (id: string) =>
      ingress(
        createMockWebhook(
          { type: 'message.received', id, from: ada, to: ours, text: 'x' },
          { secret: 's' },
        ),
      );
    const first = [text('a'), text('b')];
    expect((await text('c')).reply).toMatchObject({ status: 503, retryAfterSeconds: 1 });
    await expect.poll(() => finish.length).toBe(2);
    for (const done of finish) done();
    expect((await Promise.all(first)).map(({ answer }) => answer)).toEqual([
      'accepted',
      'accepted',
    ]);
    await store.close();
  });
});

describe('what is remembered', () => {
  it('is remembered only once it is stored: a text that could not be is processed when it comes again (C9)', async () => {
    const store = createMemoryStore();
    const running = await start({ store: failingOnce(store) });
    expect((await running.text('hello', { id: 'same' })).status).toBe(503);
    expect((await running.text('hello', { id: 'same' })).status).toBe(200);
    expect(await running.sent()).toEqual(['echo hello']);
  });
  it('is a text that was acknowledged, though the process ends right after (C11)', async () => {
    const store = createMemoryStore();
    const before = await startServer({ store, idle: true });
    expect((await before.text('hello', { id: 'same' })).status).toBe(200);
    await before.listener.close();
    await before.server.close();
    const after = await start({ store });
    expect((await after.text('hello', { id: 'same' })).status).toBe(200);
    expect(await after.sent()).toEqual(['echo hello']);
  });
  it('is every id of a flood, so that the oldest is still known (C10)', async () => {
    const running = await start({ idle: true, limits: { maxWaitingPerSender: Infinity } });
    await running.text('first', { id: 'first' });
    for (let batch = 0; batch < 10; batch += 1) {
      await Promise.all(
        Array.from({ length: 50 }, (_, i) => running.text('x', { id: `${batch}-${i}` })),
      );
    }
    await running.text('first', { id: 'first' });
    const queue = running.store.queue('texts:default', { parse: parseTextItem });
    expect((await queue.inspect()).waiting).toBe(501);
  });
});

describe('what reaches the application', () => {
  it('is no text to a number that is not configured', async () => {
    const running = await start();
    expect((await running.text('psst', { to: '+15550100199' })).status).toBe(200);
    expect(await running.sent()).toEqual([]);
    const queue = running.store.queue('texts:default', { parse: parseTextItem });
    expect((await queue.inspect()).dead).toBe(1);
  });
  it('is a picture without words (C42)', async () => {
    const seen: number[] = [];
    const running = await start({
      onMessage: ({ text, media }) => {
        expect(text).toBe('');
        seen.push(media.length);
      },
    });
    const media = [{ url: new URL('https://media.example/1') }];
    await running.text('', { media });
    await running.sent();
    expect(seen).toEqual([1]);
  });
  it('is no receipt, and each step of one is kept (C43)', async () => {
    const seen: string[] = [];
    const running = await start({ onMessage: ({ id }) => void seen.push(id) });
    for (const status of ['sent', 'delivered']) await running.receipt({ id: 'm1', status });
    await running.sent();
    expect(seen).toEqual([]);
    expect(running.lines.filter((line) => line.includes('admitted'))).toHaveLength(2);
  });
  it('is nothing with a signature of other letters, which is refused without a fuss (C21)', async () => {
    const running = await start();
    const signature = Buffer.from('é'.repeat(28), 'utf8').toString('latin1');
    const socket = connect({ port: Number(new URL(running.listener.url).port), host: '127.0.0.1' });
    socket.write(
      `POST /telephony/webhook HTTP/1.1\r\nHost: x\r\nConnection: close\r\nx-mock-signature: ${signature}\r\nContent-Length: 2\r\n\r\n{}`,
      'latin1',
    );
    expect(await readText(socket)).toMatch(/^HTTP\/1\.1 401 /u);
  });
});

/** A store whose queues fail the first time that something is added. */
function failingOnce(store: TelephonyStore): TelephonyStore {
  let failed = false;
  return {
    keyValue: store.keyValue,
    close: () => store.close(),
    queue(name, options) {
      const queue = store.queue(name, options);
      return {
        add: async (job) => {
          if (failed) return queue.add(job);
          failed = true;
          throw new StoreError('full', 'the disk is full');
        },
        run: (handler, runOptions) => queue.run(handler, runOptions),
        inspect: () => queue.inspect(),
        countLane: (lane, limit) => queue.countLane(lane, limit),
        dead: (deadOptions) => queue.dead(deadOptions),
        retryDead: (id) => queue.retryDead(id),
      };
    },
  };
}
