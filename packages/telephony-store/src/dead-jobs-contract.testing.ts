import { expect, it } from 'vitest';
import type { OpenStore } from './store-contract.testing.ts';
import { collect, createJournal, createTestClock } from './test-clock.testing.ts';
import { Dead } from './verdict.ts';
import type { JobFailure } from './work-queue.ts';

const dayMs = 24 * 3_600_000;

/** What every `WorkQueue` promises about jobs that fail. */
export function testDeadJobs(open: OpenStore): void {
  it('frees the lane of a dead job, and keeps the job with its reason', async () => {
    const clock = createTestClock();
    const store = await open({ now: clock.now });
    const queue = store.queue('q', { parse: String });
    const journal = createJournal();
    const runner = queue.run(
      async ({ id }) => {
        journal.write(id);
        if (id === 'bad') throw new Dead('nobody has this number');
      },
      { concurrency: 1 },
    );
    const addedAt = clock.now();
    await queue.add({ id: 'bad', lane: 'a', payload: 'p' });
    await queue.add({ id: 'good', lane: 'a', payload: '' });
    await runner.idle();
    expect(journal.lines).toEqual(['bad', 'good']);
    expect(await collect(queue.dead())).toEqual([
      {
        id: 'bad',
        lane: 'a',
        payload: 'p',
        attempt: 1,
        addedAt,
        reason: 'nobody has this number',
        diedAt: clock.now(),
      },
    ]);
    expect(await queue.add({ id: 'bad', lane: 'a', payload: '' })).toBe('duplicate');
  });

  it('tries other throws again with growing pauses, then gives up and stores no message', async () => {
    const clock = createTestClock();
    const store = await open({ now: clock.now, random: () => 0.999_999 });
    const failures: JobFailure[] = [];
    const queue = store.queue('q', {
      parse: String,
      maxAttempts: 4,
      firstRetryMs: 100,
      longestRetryMs: 300,
      onFailure: (failure) => {
        failures.push(failure);
        throw new Error('a logger that breaks');
      },
    });
    const journal = createJournal();
    const runner = queue.run(
      async ({ payload }) => {
        journal.write(String(clock.now().getTime() - start));
        throw Object.assign(new TypeError(`cannot read ${payload}`), { code: 'E_SECRET_FREE' });
      },
      { concurrency: 1 },
    );
    const start = clock.now().getTime();
    await queue.add({ id: 'x', lane: 'a', payload: 'canary' });
    for (const [index, pauseMs] of [100, 200, 300].entries()) {
      await journal.reaches(index + 1);
      await runner.idle();
      clock.advance(pauseMs);
    }
    await journal.reaches(4);
    await runner.idle();
    expect(journal.lines).toEqual(['0', '100', '300', '600']);
    expect(failures.map(({ attempt, next }) => `${attempt} ${next}`)).toEqual([
      '1 retry',
      '2 retry',
      '3 retry',
      '4 dead',
    ]);
    const [dead] = await collect(queue.dead());
    expect(dead?.reason).toBe('given up after 4 failures: TypeError E_SECRET_FREE');
    expect(dead?.attempt).toBe(4);
  });

  it('puts a dead job that is retried at the end of its lane, with a clean slate', async () => {
    const store = await open();
    const queue = store.queue('q', { parse: String, maxAttempts: 1 });
    const journal = createJournal();
    let broken = true;
    const handle = async ({ id, attempt }: { id: string; attempt: number }): Promise<void> => {
      journal.write(`${id} ${attempt}`);
      if (id === 'x' && broken) throw new Error('not now');
    };
    const first = queue.run(handle, { concurrency: 1 });
    await queue.add({ id: 'x', lane: 'a', payload: 'kept' });
    await first.idle();
    await first.close();
    broken = false;
    await queue.add({ id: 'y', lane: 'a', payload: '' });
    expect(await queue.retryDead('x')).toBe(true);
    expect(await queue.retryDead('x')).toBe(false);
    expect(await queue.retryDead('nobody')).toBe(false);
    expect(await collect(queue.dead())).toEqual([]);
    await queue.run(handle, { concurrency: 1 }).idle();
    expect(journal.lines).toEqual(['x 1', 'y 1', 'x 2']);
    expect(await queue.retryDead('x')).toBe(false);
    expect(await queue.add({ id: 'x', lane: 'a', payload: '' })).toBe('duplicate');
  });

  it('wakes a runner when a dead job is retried', async () => {
    const store = await open();
    const queue = store.queue('q', { parse: String });
    const runner = queue.run(
      async ({ attempt }) => {
        if (attempt === 1) throw new Dead('the first time');
      },
      { concurrency: 1 },
    );
    await queue.add({ id: 'x', lane: 'a', payload: '' });
    await runner.idle();
    await queue.retryDead('x');
    await runner.idle();
    expect(await queue.inspect()).toMatchObject({ waiting: 0, running: 0, dead: 0 });
  });

  it('forgets a dead job after 30 days, its id too', async () => {
    const clock = createTestClock();
    const store = await open({ now: clock.now });
    const queue = store.queue('q', { parse: String });
    const add = (): Promise<string> => queue.add({ id: 'x', lane: 'a', payload: '' });
    await add();
    const runner = queue.run(() => Promise.reject(new Dead('no')), { concurrency: 1 });
    await runner.idle();
    await runner.close();
    clock.advance(30 * dayMs - 1);
    expect(await add()).toBe('duplicate');
    expect(await queue.inspect()).toMatchObject({ dead: 1 });
    clock.advance(1);
    expect(await queue.inspect()).toMatchObject({ dead: 0 });
    expect(await collect(queue.dead())).toEqual([]);
    expect(await queue.retryDead('x')).toBe(false);
    expect(await add()).toBe('added');
  });

  it('buries a payload that it cannot read, and lists it all the same', async () => {
    const store = await open();
    const writer = store.queue<unknown>('q', { parse: String });
    await writer.add({ id: 'old', lane: 'a', payload: { from: 'an older version' } });
    await writer.add({ id: 'new', lane: 'a', payload: 7 });
    const reader = store.queue('q', {
      parse(json) {
        if (typeof json !== 'number') throw new TypeError('not a number: from an older version');
        return json;
      },
    });
    const journal = createJournal();
    const runner = reader.run(async ({ payload }) => journal.write(String(payload)), {
      concurrency: 1,
    });
    await runner.idle();
    expect(journal.lines).toEqual(['7']);
    const [dead] = await collect(reader.dead());
    expect(dead).toMatchObject({ id: 'old', reason: 'its payload cannot be read: TypeError' });
    expect(dead?.payload).toBeUndefined();
  });

  it('lists the dead in pages, as many as are wanted', async () => {
    const store = await open();
    const queue = store.queue('q', { parse: String });
    const ids = Array.from({ length: 120 }, (_, index) => String(index));
    await Promise.all(ids.map((id) => queue.add({ id, lane: id, payload: id })));
    const runner = queue.run(
      async () => {
        throw new Dead('x'.repeat(600));
      },
      { concurrency: 50 },
    );
    await runner.idle();
    const dead = await collect(queue.dead());
    expect(dead.map(({ id }) => id)).toEqual(ids);
    expect(dead[0]?.reason).toBe('x'.repeat(500));
    expect((await collect(queue.dead({ limit: 70 }))).map(({ id }) => id)).toEqual(
      ids.slice(0, 70),
    );
    await expect(collect(queue.dead({ limit: -1 }))).rejects.toThrow(RangeError);
  });
}
