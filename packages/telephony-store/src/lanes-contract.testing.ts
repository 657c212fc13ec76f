import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { OpenStore } from './store-contract.testing.ts';
import { createGate, createJournal, createTestClock } from './test-clock.testing.ts';
import { Dead, Retry } from './verdict.ts';

/** What every `WorkQueue` promises about order. */
export function testLanes(open: OpenStore): void {
  it('keeps the order of every lane, one job at a time, whatever the jobs do', async () => {
    const store = await open();
    const job = fc.record({
      lane: fc.constantFrom('a', 'b', 'c'),
      does: fc.constantFrom('finish', 'finish slowly', 'retry once', 'die'),
    });
    let round = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(job, { maxLength: 20 }),
        fc.integer({ min: 1, max: 5 }),
        async (jobs, concurrency) => {
          round += 1;
          const queue = store.queue(`q${round}`, { parse: String });
          const started: Record<string, number[]> = {};
          const busy = new Set<string>();
          const handle = async (one: { id: string; lane: string; attempt: number }) => {
            expect(busy.has(one.lane)).toBe(false);
            expect(busy.size).toBeLessThan(2 * concurrency);
            busy.add(one.lane);
            const { does } = jobs[Number(one.id)] ?? {};
            if (does === 'finish slowly')
              await new Promise((resolve) => void setImmediate(resolve));
            busy.delete(one.lane);
            if (does === 'retry once' && one.attempt === 1) throw new Retry(0);
            (started[one.lane] ??= []).push(Number(one.id));
            if (does === 'die') throw new Dead('as asked');
          };
          const runners = [1, 2].map(() => queue.run(handle, { concurrency }));
          await Promise.all(
            jobs.map(({ lane }, index) => queue.add({ id: String(index), lane, payload: '' })),
          );
          // A retry that is due at once may be noticed by either runner.
          for (;;) {
            await Promise.all(runners.map((runner) => runner.idle()));
            const { waiting, running } = await queue.inspect();
            if (waiting + running === 0) break;
          }
          await Promise.all(runners.map((runner) => runner.close()));
          for (const [lane, order] of Object.entries(started)) {
            const added = jobs.flatMap((one, index) => (one.lane === lane ? [index] : []));
            expect(order).toEqual(added);
          }
          expect(Object.values(started).flat()).toHaveLength(jobs.length);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('runs as many lanes at once as the concurrency allows, and no more', async () => {
    const store = await open();
    const queue = store.queue('q', { parse: String });
    const gate = createGate();
    const journal = createJournal();
    const runner = queue.run(
      async ({ lane }) => {
        journal.write(lane);
        await gate.opened;
      },
      { concurrency: 3 },
    );
    for (const lane of ['a', 'b', 'c', 'd']) await queue.add({ id: lane, lane, payload: '' });
    await journal.reaches(3);
    expect(await queue.inspect()).toMatchObject({ waiting: 1, running: 3 });
    expect(journal.lines).toEqual(['a', 'b', 'c']);
    gate.open();
    await runner.idle();
    expect(journal.lines).toHaveLength(4);
  });

  it('does not let a lane with much to do starve the others', async () => {
    const store = await open();
    const queue = store.queue('q', { parse: String });
    for (let index = 0; index < 5; index += 1) {
      await queue.add({ id: `busy ${index}`, lane: 'busy', payload: '' });
    }
    await queue.add({ id: 'quiet', lane: 'quiet', payload: '' });
    const journal = createJournal();
    const gate = createGate();
    const runner = queue.run(
      async ({ id, attempt }) => {
        journal.write(id);
        if (id === 'busy 0' && attempt === 1) await gate.opened;
      },
      { concurrency: 2 },
    );
    await journal.reaches(2);
    expect(journal.lines).toEqual(['busy 0', 'quiet']);
    gate.open();
    await runner.idle();
  });

  it('holds a lane back while its first job waits for a retry', async () => {
    const clock = createTestClock();
    const store = await open({ now: clock.now });
    const queue = store.queue('q', { parse: String });
    const journal = createJournal();
    const runner = queue.run(
      async ({ id, attempt }) => {
        journal.write(`${id} ${attempt}`);
        if (id === 'first' && attempt < 3) throw new Retry(1000);
      },
      { concurrency: 2 },
    );
    await queue.add({ id: 'first', lane: 'a', payload: '' });
    await queue.add({ id: 'second', lane: 'a', payload: '' });
    await queue.add({ id: 'elsewhere', lane: 'b', payload: '' });
    await runner.idle();
    expect(journal.lines.toSorted()).toEqual(['elsewhere 1', 'first 1']);
    clock.advance(1000);
    await journal.reaches(3);
    await runner.idle();
    clock.advance(1000);
    await journal.reaches(5);
    expect(journal.lines.slice(2)).toEqual(['first 2', 'first 3', 'second 1']);
  });

  it('does not hide a retry when the clock is set back', async () => {
    const clock = createTestClock();
    const store = await open({ now: clock.now });
    const queue = store.queue('q', { parse: String });
    const journal = createJournal();
    const runner = queue.run(
      async ({ attempt }) => {
        journal.write(String(attempt));
        if (attempt === 1) throw new Retry(1000);
      },
      { concurrency: 1 },
    );
    await queue.add({ id: 'x', lane: 'a', payload: '' });
    await runner.idle();
    clock.advance(-400 * 24 * 3_600_000);
    await journal.reaches(2);
    await queue.add({ id: 'y', lane: 'a', payload: '' });
    await journal.reaches(3);
    expect(journal.lines).toEqual(['1', '2', '1']);
  });

  it('divides the work between two runners of one queue', async () => {
    const store = await open();
    const queue = store.queue('q', { parse: String });
    const seen: string[] = [];
    const gate = createGate();
    const both = createJournal();
    const runners = ['one', 'other'].map((name) =>
      queue.run(
        async ({ id }) => {
          seen.push(id);
          both.write(name);
          await gate.opened;
        },
        { concurrency: 1 },
      ),
    );
    const ids = Array.from({ length: 12 }, (_, index) => String(index));
    await Promise.all(ids.map((id) => queue.add({ id, lane: id, payload: '' })));
    await both.reaches(2);
    expect(new Set(both.lines)).toEqual(new Set(['one', 'other']));
    gate.open();
    await Promise.all(runners.map((runner) => runner.idle()));
    expect(seen.toSorted()).toEqual(ids.toSorted());
  });

  it('hands a lane over when the runner that holds it is closed', async () => {
    const store = await open();
    const queue = store.queue('q', { parse: String });
    const gate = createGate();
    const journal = createJournal();
    const closing = queue.run(
      async ({ id }) => {
        journal.write(`first runner: ${id}`);
        await gate.opened;
        if (id === 'retried') throw new Retry(0);
      },
      { concurrency: 2 },
    );
    await queue.add({ id: 'done', lane: 'a', payload: '' });
    await queue.add({ id: 'retried', lane: 'b', payload: '' });
    await journal.reaches(2);
    const staying = queue.run(async ({ id }) => journal.write(`second runner: ${id}`), {
      concurrency: 1,
    });
    await queue.add({ id: 'next', lane: 'a', payload: '' });
    await staying.idle();
    const closed = closing.close();
    gate.open();
    await closed;
    await journal.reaches(4);
    expect(journal.lines.slice(2).toSorted()).toEqual([
      'second runner: next',
      'second runner: retried',
    ]);
  });
}
