import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import type { TelephonyStore } from '../store.ts';
import { collect, createGate, createJournal, type Journal } from '../test-clock.testing.ts';
import type { WorkQueue } from '../work-queue.ts';
import { createSqliteStore } from './sqlite-store.ts';
import { createTestFolder } from './test-folder.testing.ts';

const folder = createTestFolder();
const program = fileURLToPath(new URL('child.testing.ts', import.meta.url));
const children: ChildProcess[] = [];
const stores: TelephonyStore[] = [];

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await Promise.all(stores.splice(0).map((store) => store.close()));
});

function open(path: string): { readonly store: TelephonyStore; readonly queue: WorkQueue<string> } {
  const store = createSqliteStore({ path, pollMs: 1, standbyMs: 1 });
  stores.push(store);
  return { store, queue: store.queue('q', { parse: String, maxAttempts: 3 }) };
}

function start(...args: string[]): {
  readonly ended: Promise<unknown>;
  readonly output: Journal;
  kill(): void;
} {
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
  });
  children.push(child);
  const output = createJournal();
  createInterface({ input: child.stdout }).on('line', (line) => output.write(line));
  return { ended: once(child, 'close'), output, kill: () => void child.kill('SIGKILL') };
}

describe('a process that is killed with a job in flight', () => {
  it('leaves it to the next one, which runs it at once and in its place', async () => {
    const path = folder.newFile();
    const { store, queue } = open(path);
    await queue.add({ id: 'first', lane: 'a', payload: '' });
    await queue.add({ id: 'second', lane: 'a', payload: '' });
    const child = start(path, 'hang');
    await child.output.reaches(1);

    const journal = createJournal();
    const runner = queue.run(async ({ id, attempt }) => journal.write(`${id} ${attempt}`), {
      concurrency: 4,
    });
    await runner.idle();
    expect(journal.lines).toEqual([]);
    expect(await queue.inspect()).toMatchObject({ waiting: 1, running: 1 });
    child.kill();
    await journal.reaches(2);
    expect(child.output.lines).toEqual(['first 1']);
    expect(journal.lines).toEqual(['first 2', 'second 1']);
    await store.close();
  });

  it('ends dead when it has killed its process as often as it may be tried', async () => {
    const path = folder.newFile();
    const { queue } = open(path);
    await queue.add({ id: 'poison', lane: 'a', payload: '' });
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      const child = start(path, 'hang');
      await child.output.reaches(1);
      expect(child.output.lines).toEqual([`poison ${attempt}`]);
      child.kill();
      await child.ended;
    }
    const journal = createJournal();
    await queue.add({ id: 'next', lane: 'a', payload: '' });
    await queue.run(async ({ id }) => journal.write(id), { concurrency: 1 }).idle();
    expect(journal.lines).toEqual(['next']);
    const [dead] = await collect(queue.dead());
    expect(dead).toMatchObject({ id: 'poison', attempt: 3 });
    expect(dead?.reason).toBe('given up after 3 failures: the process died while it ran');
  });
});

describe('another process', () => {
  it('ends by itself once its store is closed, with a retry still ahead', async () => {
    const path = folder.newFile();
    const { queue } = open(path);
    for (const id of ['good', 'bad']) await queue.add({ id, lane: id, payload: '' });
    const child = start(path, 'work');
    await child.output.reaches(2);
    expect(await child.ended).toEqual([0, null]);
    expect(child.output.lines).toEqual(['good', 'bad']);
    expect(await queue.inspect()).toMatchObject({ waiting: 1, running: 0, dead: 0 });
  });

  it('adds to a queue that this one runs', async () => {
    const path = folder.newFile();
    const { queue } = open(path);
    const journal = createJournal();
    queue.run(async ({ id }) => journal.write(id), { concurrency: 1 });
    const child = start(path, 'add', 'one', 'two');
    await journal.reaches(2);
    await child.ended;
    expect(journal.lines).toEqual(['one', 'two']);
    expect(await queue.add({ id: 'one', lane: 'a', payload: '' })).toBe('duplicate');
  });

  it('counts together with this one, by conditional writes, from the first opening on', async () => {
    const path = folder.newFile();
    const counting = [start(path, 'count', '40'), start(path, 'count', '40')];
    await Promise.all(counting.map((child) => child.ended));
    const { store } = open(path);
    expect((await store.keyValue.get('n'))?.value).toBe('80');
  });
});

describe('two store objects on one file', () => {
  it('take turns: one runs the jobs, the other stands by and takes over', async () => {
    const path = folder.newFile();
    const first = open(path);
    const second = open(path);
    const journal = createJournal();
    const run = (queue: WorkQueue<string>, name: string) =>
      queue.run(async ({ id }) => journal.write(`${name} ran ${id}`), { concurrency: 1 });
    const running = run(first.queue, 'first');
    const standby = run(second.queue, 'second');
    await second.queue.add({ id: 'a', lane: 'a', payload: '' });
    await journal.reaches(1);
    await standby.idle();
    await running.close();
    await second.queue.add({ id: 'b', lane: 'a', payload: '' });
    await journal.reaches(2);
    expect(journal.lines).toEqual(['first ran a', 'second ran b']);
  });

  it('hand over only when the last runner of the one is closed', async () => {
    const path = folder.newFile();
    const first = open(path);
    const second = open(path);
    const other = first.store.queue('other', { parse: String });
    const oneRunner = first.queue.run(async () => {}, { concurrency: 1 });
    const otherRunner = other.run(async () => {}, { concurrency: 1 });
    const journal = createJournal();
    second.queue.run(async ({ id }) => journal.write(id), { concurrency: 1 });
    await oneRunner.close();
    await second.queue.add({ id: 'x', lane: 'a', payload: '' });
    expect(await second.queue.inspect()).toMatchObject({ waiting: 1 });
    expect(journal.lines).toEqual([]);
    await otherRunner.close();
    await journal.reaches(1);
  });

  it('see what the other has written', async () => {
    const path = folder.newFile();
    const first = open(path);
    const second = open(path);
    await first.store.keyValue.set('a', 'x');
    const entry = await second.store.keyValue.get('a');
    expect(entry?.value).toBe('x');
    const version = entry?.version ?? '';
    const won = await Promise.all(
      [first, second].map(({ store }) => store.keyValue.set('a', 'y', { ifVersion: version })),
    );
    expect(won.filter(Boolean)).toHaveLength(1);
  });
});

describe('a store that is opened again', () => {
  it('still has its entries, versions, jobs and dedupe keys', async () => {
    const path = folder.newFile();
    const before = open(path);
    await before.store.keyValue.set('a', 'x');
    const version = (await before.store.keyValue.get('a'))?.version ?? '';
    await before.queue.add({ id: 'done', lane: 'a', payload: '' });
    const runner = before.queue.run(async () => {}, { concurrency: 1 });
    await runner.idle();
    await runner.close();
    await before.queue.add({ id: 'waiting', lane: 'a', payload: 'kept' });
    await before.store.close();

    const after = open(path);
    expect(await after.store.keyValue.set('a', 'y', { ifVersion: version })).toBe(true);
    expect(await after.queue.add({ id: 'done', lane: 'a', payload: '' })).toBe('duplicate');
    expect(await after.queue.add({ id: 'waiting', lane: 'a', payload: '' })).toBe('duplicate');
    const journal = createJournal();
    await after.queue.run(async ({ payload }) => journal.write(payload), { concurrency: 1 }).idle();
    expect(journal.lines).toEqual(['kept']);
  });

  it('waits, when it is closed, for what runs, and recovers nothing that was finished', async () => {
    const path = folder.newFile();
    const before = open(path);
    const gate = createGate();
    const journal = createJournal();
    before.queue.run(
      async ({ id }) => {
        journal.write(id);
        await gate.opened;
      },
      { concurrency: 1 },
    );
    await before.queue.add({ id: 'x', lane: 'a', payload: '' });
    await journal.reaches(1);
    const closed = before.store.close();
    gate.open();
    await closed;
    const after = open(path);
    expect(await after.queue.inspect()).toMatchObject({ waiting: 0, running: 0, dead: 0 });
  });
});
