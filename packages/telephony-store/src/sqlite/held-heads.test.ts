import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { StoredJob } from '../queue/queue-driver.ts';
import { createHeldHeads, type HeldHeads } from './held-heads.ts';
import { prepareJobStatements } from './job-statements.ts';
import { type Claim, createJobTable } from './job-table.ts';
import { prepareSchema } from './schema.ts';

const forgetful: HeldHeads = {
  age: () => 0,
  placeAt: () => 0,
  dueAtMs: () => Infinity,
  changed: () => {},
  postponed: () => {},
  learn: () => {},
  forget: () => {},
};

/** A table of jobs in memory. What a claim learned is told when its commit is: at once, or after what comes next. */
function openTable(held: HeldHeads, nowMs: () => number) {
  const database = new DatabaseSync(':memory:');
  prepareSchema(database, 'memory');
  const jobs = createJobTable(prepareJobStatements(database), 'q', nowMs, held);
  let running: StoredJob[] = [];
  let untold: Claim[] = [];
  return {
    add: (id: string, lane: string, notBeforeMs: number) =>
      jobs.insert({ id, lane, payload: '', notBeforeMs }, 0, nowMs()),
    claim(limit: number) {
      const claim = jobs.claim(limit);
      running.push(...claim.jobs);
      untold.push(claim);
      return { ids: claim.jobs.map(({ id }) => id), nextDueAtMs: claim.nextDueAtMs };
    },
    settle(place: number, waitMs: number | undefined) {
      const job = running[place % Math.max(1, running.length)];
      if (job === undefined) return;
      running = running.filter((other) => other !== job);
      const decidedAtMs = nowMs();
      jobs.settle(
        job,
        waitMs === undefined
          ? { to: 'done', expiresAtMs: 1_000_000 }
          : { to: 'waiting', notBeforeMs: decidedAtMs + waitMs, decidedAtMs, failures: 0 },
      );
    },
    commit() {
      for (const { findings } of untold) if (findings !== undefined) held.learn(findings);
      untold = [];
    },
    close: () => database.close(),
  };
}

/** What a look for work found: jobs, and when to look again. */
interface Look {
  readonly ids: readonly string[];
  readonly nextDueAtMs: number | undefined;
}
const dueOf = ({ nextDueAtMs = Infinity }: Look): number => nextDueAtMs;

const small = fc.nat({ max: 20 });
const step = fc.oneof(
  fc.record({ do: fc.constant('add' as const), lane: fc.nat({ max: 6 }), waitMs: small }),
  fc.record({
    do: fc.constant('claim' as const),
    limit: fc.constantFrom(1, 10),
    isTold: fc.integer({ max: 3, min: 0 }).map((one) => one > 0),
  }),
  fc.record({ do: fc.constant('settle' as const), place: small, waitMs: fc.option(small) }),
  fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: -6, max: 6 }) }),
  fc.record({ do: fc.constant('commit' as const) }),
);

it('takes the same jobs as a look at everything, whatever happens in between', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 60, size: 'max' }), (steps) => {
      let atMs = 1000;
      const now = (): number => atMs;
      const quick = openTable(createHeldHeads(), now);
      const whole = openTable(forgetful, now);
      let count = 0;
      const taken: (readonly [Look, Look])[] = [];
      for (const one of steps) {
        if (one.do === 'add') {
          count += 1;
          for (const table of [quick, whole])
            table.add(`${count}`, `${one.lane}`, atMs + one.waitMs);
        } else if (one.do === 'claim') {
          taken.push([quick.claim(one.limit), whole.claim(one.limit)]);
          if (one.isTold) quick.commit();
        } else if (one.do === 'settle') {
          for (const table of [quick, whole]) table.settle(one.place, one.waitMs ?? undefined);
        } else if (one.do === 'pass') atMs += one.ms;
        else quick.commit();
      }
      expect(taken.map(([one]) => one.ids)).toEqual(taken.map(([, other]) => other.ids));
      // To look again too early costs a look; too late would keep a text waiting.
      expect(taken.filter(([one, other]) => dueOf(one) > dueOf(other))).toEqual([]);
      quick.close();
      whole.close();
    }),
    { numRuns: 300 },
  );
});

it('does not read again what is not due, until it is', () => {
  let atMs = 1000;
  const held = createHeldHeads();
  const table = openTable(held, () => atMs);
  for (let i = 1; i <= 5; i += 1) table.add(`${i}`, `${i}`, 2000 + i);
  table.claim(10);
  table.commit();
  expect(held.placeAt(atMs)).toBe(5);
  table.add('new', 'new', 0);
  expect(table.claim(10)).toEqual({ ids: ['new'], nextDueAtMs: 2001 });
  atMs = 2002;
  expect(table.claim(10)).toEqual({ ids: ['1', '2'], nextDueAtMs: 2003 });
  table.close();
});
