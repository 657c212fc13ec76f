import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LaneBook, type LiveJob } from './lane-book.ts';

type ModelJob = { -readonly [key in keyof LiveJob]: LiveJob[key] };

/** The same by looking at every job each time. */
class PlainBook {
  jobs: ModelJob[] = [];

  #heads(): ModelJob[] {
    return [...new Map(this.jobs.toReversed().map((job) => [job.lane, job])).values()];
  }
  take(limit: number, nowMs: number): readonly number[] {
    const due = this.#heads()
      .filter((job) => !job.isRunning && (job.notBeforeMs <= nowMs || job.decidedAtMs > nowMs))
      .toSorted((one, other) => one.seq - other.seq)
      .slice(0, limit);
    for (const job of due) job.isRunning = true;
    return due.map(({ seq }) => seq);
  }
  nextDueAtMs(): number | undefined {
    const times = this.#heads().flatMap((job) => (job.isRunning ? [] : [job.notBeforeMs]));
    return times.length === 0 ? undefined : Math.min(...times);
  }
  running(): ModelJob[] {
    return this.jobs.filter(({ isRunning }) => isRunning);
  }
}

const small = fc.nat({ max: 20 });
const step = fc.oneof(
  fc.record({ do: fc.constant('add' as const), lane: fc.nat({ max: 5 }), waitMs: small }),
  fc.record({ do: fc.constant('take' as const), limit: fc.constantFrom(1, 2, 10) }),
  fc.record({ do: fc.constant('settle' as const), place: small, waitMs: fc.option(small) }),
  fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: -6, max: 8 }) }),
);

it('takes the same jobs as a look at everything, whatever happens and wherever the clock goes', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 80, size: 'max' }), (steps) => {
      const book = new LaneBook();
      const plain = new PlainBook();
      let atMs = 1000;
      let seq = 0;
      const taken: (readonly [readonly number[], readonly number[]])[] = [];
      let lateLookCount = 0;
      for (const one of steps) {
        if (one.do === 'add') {
          seq += 1;
          const notBeforeMs = one.waitMs === 0 ? 0 : atMs + one.waitMs;
          const job = { seq, lane: `${one.lane}`, notBeforeMs, decidedAtMs: 0 };
          book.append({ ...job, addedAtMs: atMs, isRunning: false });
          plain.jobs.push({ ...job, addedAtMs: atMs, isRunning: false });
        } else if (one.do === 'take') {
          const places = book.take(one.limit, atMs);
          taken.push([places, plain.take(one.limit, atMs)]);
          // Too early a look costs a look; too late a one would keep a text waiting.
          const isLate = (book.nextDueAtMs() ?? Infinity) > (plain.nextDueAtMs() ?? Infinity);
          if (places.length < one.limit && isLate) lateLookCount += 1;
        } else if (one.do === 'settle') {
          const running = plain.running();
          const job = running[one.place % Math.max(1, running.length)];
          if (job === undefined) continue;
          if (one.waitMs === null) {
            book.settle(job.lane, { to: 'done', expiresAtMs: 0 });
            plain.jobs = plain.jobs.filter((other) => other !== job);
          } else {
            const wait = { notBeforeMs: atMs + one.waitMs, decidedAtMs: atMs };
            book.settle(job.lane, { to: 'waiting', ...wait, failures: 0 });
            Object.assign(job, wait, { isRunning: false });
          }
        } else atMs += one.ms;
        const waiting = plain.jobs.filter(({ isRunning }) => !isRunning);
        expect(book.figures(atMs)).toEqual({
          waiting: waiting.length,
          running: plain.running().length,
          oldestWaitingMs: atMs - Math.min(atMs, ...waiting.map(({ addedAtMs }) => addedAtMs)),
        });
        for (let lane = 0; lane <= 5; lane += 1) {
          const inLane = plain.jobs.filter((job) => job.lane === `${lane}`);
          expect(book.countLane(`${lane}`)).toBe(inLane.length);
        }
      }
      expect(taken.map(([places]) => places)).toEqual(taken.map(([, wanted]) => wanted));
      expect(lateLookCount).toBe(0);
    }),
    { numRuns: 300 },
  );
});
