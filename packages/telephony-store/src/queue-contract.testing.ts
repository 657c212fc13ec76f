import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { OpenStore } from './store-contract.testing.ts';
import { createGate, createJournal, createTestClock } from './test-clock.testing.ts';

const hourMs = 3_600_000;

/** What every `WorkQueue` promises about adding, running and remembering. */
export function testQueue(open: OpenStore): void {
  it('runs what was added, with its payload as it was', async () => {
    const clock = createTestClock();
    const store = await open({ now: clock.now });
    const queue = store.queue('q', { parse: (json) => json });
    const payload = { text: 'grüße \uD83D\uDE00\0\uD800', list: [1, null, { deep: true }] };
    const seen: unknown[] = [];
    const runner = queue.run(async (job) => void seen.push(job), { concurrency: 1 });
    expect(await queue.add({ id: 'one', lane: 'a', payload })).toBe('added');
    await runner.idle();
    expect(seen).toEqual([{ id: 'one', lane: 'a', payload, attempt: 1, addedAt: clock.now() }]);
  });

  it('runs what was added before there was a runner', async () => {
    const store = await open();
    const queue = store.queue('q', { parse: String });
    await queue.add({ id: 'one', lane: 'a', payload: 'x' });
    const journal = createJournal();
    await queue.run(async ({ id }) => journal.write(id), { concurrency: 1 }).idle();
    expect(journal.lines).toEqual(['one']);
  });

  it('says "added" to exactly one of many who add the same id at once', async () => {
    const store = await open();
    const queue = store.queue('q', { parse: String });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => queue.add({ id: 'same', lane: 'a', payload: '' })),
    );
    expect(answers.filter((answer) => answer === 'added')).toHaveLength(1);
    expect(await queue.inspect()).toMatchObject({ waiting: 1 });
  });

  it('keeps queues of different names apart', async () => {
    const store = await open();
    const one = store.queue('one', { parse: String });
    const other = store.queue('other', { parse: String });
    await one.add({ id: 'x', lane: 'a', payload: '' });
    expect(await other.add({ id: 'x', lane: 'a', payload: '' })).toBe('added');
    const journal = createJournal();
    await one.run(async ({ id }) => journal.write(id), { concurrency: 1 }).idle();
    expect(journal.lines).toEqual(['x']);
    expect(await other.inspect()).toMatchObject({ waiting: 1 });
  });

  it('counts what waits and runs in a lane, up to a limit', async () => {
    const store = await open();
    const queue = store.queue('q', { parse: String });
    const add = (id: string, lane: string): Promise<string> => queue.add({ id, lane, payload: id });
    for (const id of ['1', '2', '3']) await add(id, 'a');
    await add('4', 'b');
    expect(await queue.countLane('a', 10)).toBe(3);
    expect(await queue.countLane('a', 2)).toBe(2);
    expect(await queue.countLane('a', Infinity)).toBe(3);
    expect(await queue.countLane('b', 10)).toBe(1);
    expect(await queue.countLane('c', 10)).toBe(0);
    const counts: number[] = [];
    const count = async ({ lane }: { lane: string }): Promise<void> => {
      if (lane === 'a') counts.push(await queue.countLane(lane, 10));
    };
    await queue.run(count, { concurrency: 1 }).idle();
    expect(counts).toEqual([3, 2, 1]);
    expect(await queue.countLane('a', 10)).toBe(0);
  });

  it('remembers a finished id until its dedupe window ends, to the millisecond', async () => {
    const clock = createTestClock();
    const store = await open({ now: clock.now });
    const queue = store.queue('q', { parse: String });
    const add = (): Promise<string> => queue.add({ id: 'x', lane: 'a', payload: '' });
    await add();
    await queue.run(async () => {}, { concurrency: 1 }).idle();
    clock.advance(48 * hourMs - 1);
    expect(await add()).toBe('duplicate');
    clock.advance(1);
    expect(await add()).toBe('added');
  });

  it('remembers an unfinished id for ever', async () => {
    const clock = createTestClock();
    const store = await open({ now: clock.now });
    const queue = store.queue('q', { parse: String });
    await queue.add({ id: 'x', lane: 'a', payload: '' });
    clock.advance(1000 * hourMs);
    expect(await queue.add({ id: 'x', lane: 'a', payload: '' })).toBe('duplicate');
  });

  it('agrees with a simple model of deduplication, whatever is added and whenever', async () => {
    const clock = createTestClock();
    const store = await open({ now: clock.now });
    const step = fc.oneof(
      fc.record({ add: fc.constantFrom('a', 'b', 'c', 'd') }),
      fc.record({ waitMs: fc.integer({ min: 0, max: 60 }) }),
      fc.constant('work'),
    );
    let round = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        round += 1;
        const queue = store.queue(`q${round}`, { parse: String, dedupeWindowMs: 100 });
        const rememberedUntil = new Map<string, number>();
        const expected: string[] = [];
        const answers: string[] = [];
        for (const one of steps) {
          const nowMs = clock.now().getTime();
          if (one === 'work') {
            const runner = queue.run(async () => {}, { concurrency: 2 });
            await runner.idle();
            await runner.close();
            for (const [id, untilMs] of rememberedUntil) {
              if (untilMs === Infinity) rememberedUntil.set(id, nowMs + 100);
            }
          } else if ('waitMs' in one) {
            clock.advance(one.waitMs);
          } else {
            const isKnown = nowMs < (rememberedUntil.get(one.add) ?? -Infinity);
            expected.push(isKnown ? 'duplicate' : 'added');
            answers.push(await queue.add({ id: one.add, lane: one.add, payload: '' }));
            if (!isKnown) rememberedUntil.set(one.add, Infinity);
          }
        }
        expect(answers).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });

  it('starts nothing before its time, by the injected clock', async () => {
    const clock = createTestClock();
    const store = await open({ now: clock.now });
    const queue = store.queue('q', { parse: String });
    const notBefore = new Date(clock.now().getTime() + 5000);
    await queue.add({ id: 'later', lane: 'a', payload: '', notBefore });
    await queue.add({ id: 'behind', lane: 'a', payload: '' });
    await queue.add({ id: 'other lane', lane: 'b', payload: '' });
    const journal = createJournal();
    const runner = queue.run(async ({ id }) => journal.write(id), { concurrency: 4 });
    await runner.idle();
    clock.advance(4999);
    await queue.add({ id: 'meanwhile', lane: 'b', payload: '' });
    await runner.idle();
    expect(journal.lines).toEqual(['other lane', 'meanwhile']);
    clock.advance(1);
    await journal.reaches(4);
    expect(journal.lines.slice(2)).toEqual(['later', 'behind']);
  });

  it('tells how many wait, run and are dead, and how old the oldest is', async () => {
    const clock = createTestClock();
    const store = await open({ now: clock.now });
    const queue = store.queue('q', { parse: String });
    expect(await queue.inspect()).toEqual({ waiting: 0, running: 0, dead: 0, oldestWaitingMs: 0 });
    await queue.add({ id: 'runs', lane: 'a', payload: '' });
    clock.advance(100);
    await queue.add({ id: 'waits', lane: 'a', payload: '' });
    await queue.add({ id: 'waits too', lane: 'a', payload: '' });
    const gate = createGate();
    const journal = createJournal();
    queue.run(
      ({ id }) => {
        journal.write(id);
        return gate.opened;
      },
      { concurrency: 4 },
    );
    await journal.reaches(1);
    clock.advance(50);
    expect(await queue.inspect()).toEqual({ waiting: 2, running: 1, dead: 0, oldestWaitingMs: 50 });
    clock.advance(-1000);
    expect(await queue.inspect()).toMatchObject({ oldestWaitingMs: 0 });
    gate.open();
  });

  it('lets a handler add to the queue that it runs for', async () => {
    const store = await open();
    const queue = store.queue('q', { parse: Number });
    const journal = createJournal();
    const runner = queue.run(
      async ({ payload }) => {
        journal.write(String(payload));
        if (payload < 5) await queue.add({ id: `n${payload}`, lane: 'a', payload: payload + 1 });
      },
      { concurrency: 2 },
    );
    await queue.add({ id: 'start', lane: 'a', payload: 1 });
    await runner.idle();
    expect(journal.lines).toEqual(['1', '2', '3', '4', '5']);
  });

  it('refuses what it could not keep or could not mean', async () => {
    const store = await open();
    const queue = store.queue<unknown>('q', { parse: String });
    const job = { id: 'x', lane: 'a', payload: '' };
    await expect(queue.add({ ...job, id: 'a\0' })).rejects.toThrow(TypeError);
    await expect(queue.add({ ...job, lane: '\uDC00' })).rejects.toThrow(TypeError);
    await expect(queue.add({ ...job, payload: undefined })).rejects.toThrow(TypeError);
    await expect(queue.add({ ...job, payload: 1n })).rejects.toThrow(TypeError);
    await expect(queue.add({ ...job, notBefore: new Date(Number.NaN) })).rejects.toThrow(
      RangeError,
    );
    for (const concurrency of [0, 1.5, Number.NaN]) {
      expect(() => queue.run(async () => {}, { concurrency })).toThrow(RangeError);
    }
    expect(() => store.queue('q', { parse: String, maxAttempts: 0 })).toThrow(RangeError);
    expect(() => store.queue('q', { parse: String, firstRetryMs: -1 })).toThrow(RangeError);
    expect(await queue.inspect()).toMatchObject({ waiting: 0 });
  });
}
