import { createMemoryStore, type TelephonyStore } from '@openclaw/telephony-store';
import { afterEach, describe, expect, it } from 'vitest';
import { createHealth } from './health.ts';
import { listen } from '../ingress/listen.ts';
import { type Metrics, silentMetrics } from './metrics.ts';
import { metricCatalogue } from './metrics.data.ts';
import { type RunningServer, startServer } from '../running-server.testing.ts';
import { mountStatusPages } from '../ingress/status-pages.ts';

const open: RunningServer[] = [];
const start: typeof startServer = async (options) => {
  const running = await startServer(options);
  open.push(running);
  return running;
};
afterEach(async () => {
  await Promise.all(open.splice(0).map((running) => running.close()));
});
const get = (running: RunningServer, path: string, headers = {}) =>
  running.post({ method: 'GET', path, headers });

describe('/health?deep=1', () => {
  it('tells how the store and the queues are', async () => {
    const running = await start({ idle: true });
    await running.text('one that waits');
    const { status, body } = await get(running, '/health?deep=1');
    expect(status).toBe(200);
    expect(JSON.parse(body)).toMatchObject({
      ok: true,
      account: 'default',
      provider: 'mock',
      closing: false,
      store: { ok: true },
      queues: {
        texts: { waiting: 1, running: 0, dead: 0 },
        signals: { waiting: 0 },
        outbox: { waiting: 0, oldestWaitingMs: 0 },
      },
    });
  });
  it('is answered as plain /health to whoever comes from elsewhere', async () => {
    const running = await start();
    for (const headers of [
      { 'x-forwarded-for': '203.0.113.7' },
      { host: 'sms.example.com' },
      { 'cf-connecting-ip': '203.0.113.7' },
    ]) {
      expect(await get(running, '/health?deep=1', headers)).toMatchObject({
        status: 200,
        body: '{"ok":true,"provider":"mock"}\n',
      });
    }
    expect((await get(running, '/health?deeper=1')).body).toBe('{"ok":true,"provider":"mock"}\n');
    expect((await get(running, '/health?x=1&deep=1')).body).toContain('queues');
  });
  it('is 503 while the store fails, and while the server closes; plain /health stays alive', async () => {
    const store = createMemoryStore();
    const broken = await start({ store: withoutWrites(store) });
    expect(await get(broken, '/health?deep=1')).toMatchObject({
      status: 503,
      body: expect.stringContaining('"ok":false'),
    });
    const closing = await start();
    await closing.server.close();
    expect(await get(closing, '/health?deep=1')).toMatchObject({
      status: 503,
      body: expect.stringContaining('"closing":true'),
    });
    for (const running of [broken, closing]) {
      expect((await get(running, '/health')).status).toBe(200);
    }
  });
  it('is 503 when the store takes too long, and asks it once for all who wait', async () => {
    let asked = 0;
    const health = createHealth({
      account: 'a',
      provider: 'p',
      keyValue: {
        ...createMemoryStore().keyValue,
        set: () => {
          asked += 1;
          return new Promise(() => undefined);
        },
      },
      queues: { texts: never, signals: never, outbox: never },
      schedule: { count: () => Promise.resolve(0) },
      closing: new AbortController().signal,
      metrics: silentMetrics,
      now: () => new Date(0),
      timeoutMs: 1,
    });
    const reports = await Promise.all([health.report(), health.report()]);
    expect(reports[0]).toEqual({
      ok: false,
      account: 'a',
      provider: 'p',
      closing: false,
      store: { ok: false, reason: 'no answer within 1 ms' },
    });
    expect(asked).toBe(1);
  });
});

function registry() {
  const seen: string[] = [];
  const write = (name: string, labels: object = {}): void => {
    seen.push(`${name} ${JSON.stringify(labels)}`);
  };
  const metrics: Metrics = {
    count: write,
    observe: (name, _, labels) => write(name, labels),
    gauge: (name, _, labels) => write(name, labels),
  };
  const renderMetrics = () =>
    Promise.resolve({ contentType: 'text/plain; version=0.0.4', body: seen.join('\n') });
  return { seen, metrics, renderMetrics };
}
const fail = (): never => {
  throw new Error('registry');
};

describe('/metrics', () => {
  it('renders what was counted, under names that are in the catalogue', async () => {
    const { seen, metrics, renderMetrics } = registry();
    const running = await start({ metrics, renderMetrics });
    await running.text('hello');
    await running.text('STOP');
    await running.post({ headers: { 'x-mock-signature': 'no' }, body: '{}' });
    await running.sent();
    const { status, body, headers } = await get(running, '/metrics');
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/plain; version=0.0.4');
    for (const line of [
      'telephony_webhooks_total {"account":"default","answer":"accepted"}',
      'telephony_webhooks_total {"account":"default","answer":"rejected"}',
      'telephony_texts_handled_total {"account":"default","result":"handled"}',
      'telephony_handler_seconds {"account":"default","result":"done"}',
      'telephony_queue_waiting {"account":"default","queue":"texts"}',
      'telephony_scheduled {"account":"default"}',
    ]) {
      expect(body).toContain(line);
    }
    for (const line of seen) {
      const [name = '', labels = '{}'] = line.split(/ (.*)/u);
      const known = metricCatalogue.find((metric) => metric.name === name);
      expect(known?.name).toBe(name);
      const { account, ...rest } = JSON.parse(labels);
      expect(account).toBe('default');
      expect(Object.keys(rest)).toEqual([...(known?.labels ?? [])]);
    }
    expect(seen.join('\n')).not.toMatch(/\+1|0123|hello/u);
  });
  it('does not exist for anybody from elsewhere, nor when nothing renders it', async () => {
    const running = await start(registry());
    expect((await get(running, '/metrics', { 'x-forwarded-for': '203.0.113.7' })).status).toBe(404);
    expect((await get(running, '/metrics', { host: 'sms.example.com' })).status).toBe(404);
    expect((await running.post({ path: '/metrics' })).status).toBe(405);
    const bare = await start();
    expect((await get(bare, '/metrics')).status).toBe(404);
  });
  it('tells what was counted while the store is not to be reached', async () => {
    const { metrics, renderMetrics } = registry();
    const running = await start({ metrics, renderMetrics });
    await running.text('hello');
    await running.sent();
    await running.server.close();
    await running.store.close();
    const { status, body } = await get(running, '/metrics');
    expect(status).toBe(200);
    expect(body).toContain('telephony_webhooks_total');
  });
  it('costs no text when the registry throws', async () => {
    const running = await start({ metrics: { count: fail, observe: fail, gauge: fail } });
    await running.text('hello');
    expect(await running.sent()).toEqual(['echo hello']);
  });
});

describe('several servers behind one listener', () => {
  it('are told of together, and asked for everything else', async () => {
    const store = createMemoryStore();
    const [berlin, paris] = [
      await start({ store, accountId: 'berlin' }),
      await start({ store, accountId: 'paris' }),
    ];
    const handler = mountStatusPages([berlin.server, paris.server], paris.server.handler);
    const listener = await listen(handler, { port: 0, bind: '127.0.0.1' });
    const ask = async (path: string) => {
      const response = await fetch(new URL(path, listener.url));
      return { status: response.status, body: await response.json().catch(() => undefined) };
    };
    expect(await ask('/health')).toEqual({ status: 200, body: { ok: true, provider: 'mock' } });
    expect(await ask('/health?deep=1')).toMatchObject({
      status: 200,
      body: { ok: true, accounts: { berlin: { ok: true }, paris: { ok: true } } },
    });
    expect((await ask('/metrics')).status).toBe(404);
    expect((await ask('/healthy')).status).toBe(404);
    expect((await ask('/telephony/webhook')).status).toBe(405);
    await paris.server.close();
    expect(await ask('/health?deep=1')).toMatchObject({
      status: 503,
      body: { ok: false, accounts: { berlin: { ok: true }, paris: { ok: false, closing: true } } },
    });
    await listener.close();
  });
});

const never = { inspect: () => new Promise<never>(() => undefined) };

function withoutWrites(store: TelephonyStore): TelephonyStore {
  return {
    close: () => store.close(),
    queue: (name, options) => store.queue(name, options),
    keyValue: { ...store.keyValue, set: () => Promise.reject(new Error('read only')) },
  };
}
