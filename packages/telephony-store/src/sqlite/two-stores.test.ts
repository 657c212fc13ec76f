import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTestClock } from '../test-clock.testing.ts';
import type { TelephonyStore } from '../store.ts';
import type { WorkQueue } from '../work-queue.ts';
import { openDatabase } from './open-database.ts';
import { assembleSqliteStore } from './sqlite-store.ts';
import { createTestFolder } from './test-folder.testing.ts';

// What each store object remembers of the file has to hold whatever the other one writes, and whatever is undone.

const folder = createTestFolder();
const windowMs = 100;

interface Opened {
  readonly store: TelephonyStore;
  readonly queue: WorkQueue<string>;
}

function openTwo(now: () => Date): readonly [Opened, Opened] {
  const path = folder.newFile();
  const open = (): Opened => {
    const database = openDatabase(path);
    // A write that fails takes the others of its commit along, which are then done again one by one.
    database.exec(`CREATE TRIGGER IF NOT EXISTS refuse BEFORE INSERT ON entries
      WHEN new.key = 'bad' BEGIN SELECT RAISE(ABORT, 'refused'); END`);
    const store = assembleSqliteStore(database, path, { now, pollMs: 1, standbyMs: 1 });
    return { store, queue: store.queue('q', { parse: String, dedupeWindowMs: windowMs }) };
  };
  return [open(), open()];
}

async function spoil({ keyValue }: TelephonyStore): Promise<void> {
  await expect(keyValue.set('bad', 'x')).rejects.toMatchObject({ code: 'unavailable' });
}

const ids = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1, maxLength: 4 });
const which = fc.constantFrom(0 as const, 1 as const);
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('add'), by: which, ids, spoil: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('work' as const), by: which }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.nat({ max: 60 }) }),
  },
);

describe('two store objects on one file', { timeout: 30_000 }, () => {
  it('add every id once, and run what was added once and in order, whoever did what', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const clock = createTestClock();
        const stores = openTwo(clock.now);
        const rememberedUntil = new Map<string, number>();
        const expected: string[] = [];
        const waiting: string[] = [];
        const ran: string[] = [];
        const wanted: string[] = [];
        const answers: string[] = [];
        for (const one of steps) {
          const nowMs = clock.now().getTime();
          if ('ids' in one) {
            const { store, queue } = stores[one.by];
            const adding = one.ids.map((id) => queue.add({ id, lane: 'a', payload: id }));
            const spoiler = one.spoil ? spoil(store) : undefined;
            answers.push(...(await Promise.all(adding)));
            await spoiler;
            for (const id of one.ids) {
              const isKnown = nowMs < (rememberedUntil.get(id) ?? -Infinity);
              expected.push(isKnown ? 'duplicate' : 'added');
              if (isKnown) continue;
              rememberedUntil.set(id, Infinity);
              waiting.push(id);
            }
          } else if ('ms' in one) clock.advance(one.ms);
          else {
            const runner = stores[one.by].queue.run(async ({ id }) => void ran.push(id), {
              concurrency: 2,
            });
            await runner.idle();
            await runner.close();
            for (const id of waiting) rememberedUntil.set(id, nowMs + windowMs);
            wanted.push(...waiting.splice(0));
          }
          const figures = await Promise.all(stores.map(({ queue }) => queue.inspect()));
          expect(figures.map((each) => each.waiting)).toEqual([waiting.length, waiting.length]);
        }
        expect(answers).toEqual(expected);
        expect(ran).toEqual(wanted);
        await Promise.all(stores.map(({ store }) => store.close()));
      }),
      { numRuns: 25 },
    );
  });

  it('run what the other adds while they run, each job once', async () => {
    const clock = createTestClock();
    const [one, other] = openTwo(clock.now);
    const ran: string[] = [];
    const runner = one.queue.run(async ({ id }) => void ran.push(id), { concurrency: 4 });
    const all = Array.from({ length: 120 }, (_, index) => String(index));
    await Promise.all(
      all.map(async (id, index) => {
        const spoiler = index % 10 === 0 ? spoil(one.store) : undefined;
        const answered = await Promise.all(
          [one, other].map(({ queue }) => queue.add({ id, lane: id.slice(-1), payload: id })),
        );
        expect(answered.toSorted()).toEqual(['added', 'duplicate']);
        await spoiler;
      }),
    );
    while (ran.length < all.length) await new Promise((resolve) => void setImmediate(resolve));
    await runner.idle();
    expect(ran.toSorted()).toEqual(all.toSorted());
    expect(await other.queue.inspect()).toMatchObject({ waiting: 0, running: 0 });
    await Promise.all([one, other].map(({ store }) => store.close()));
  });
});
