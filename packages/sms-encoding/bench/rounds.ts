import { Bench } from 'tinybench';

/** Something to measure: each call does the work once and returns a number, so that it cannot be optimised away. */
export interface Contestant {
  readonly name: string;
  readonly run: () => number;
}

const roundCount = 15;
const sliceMs = 12;

/** Keeps the results of measured functions alive. */
let sink = 0;

function batched({ run }: Contestant, batch: number): () => void {
  return () => {
    for (let count = 0; count < batch; count++) sink += run();
  };
}

/** How many calls take about a tenth of a slice: below, the clock would be what is measured. */
function batchFor(contestant: Contestant): number {
  for (let batch = 1; ; batch *= 2) {
    const before = performance.now();
    batched(contestant, batch)();
    if (performance.now() - before > sliceMs / 10) return batch;
  }
}

/**
 * Measures all contestants in rounds, each of them once per round, so that what disturbs the machine disturbs all.
 * Returns the nanoseconds of one call per contestant, one number per round.
 */
export function measureRounds(contestants: readonly Contestant[]): Map<string, number[]> {
  const batches = new Map(contestants.map((contestant) => [contestant, batchFor(contestant)]));
  const results = new Map<string, number[]>(contestants.map(({ name }) => [name, []]));
  for (let round = 0; round <= roundCount; round++) {
    const bench = new Bench({ time: sliceMs, iterations: 2, warmup: round === 0 });
    for (const contestant of contestants) {
      bench.add(contestant.name, batched(contestant, batches.get(contestant) ?? 1));
    }
    bench.runSync();
    // The first round warms up.
    if (round === 0) continue;
    for (const contestant of contestants) {
      const result = bench.getTask(contestant.name)?.result;
      if (result?.state !== 'completed') throw new Error(`${contestant.name} did not complete`);
      const nanoseconds = (result.latency.p50 * 1e6) / (batches.get(contestant) ?? 1);
      results.get(contestant.name)?.push(nanoseconds);
    }
  }
  return results;
}

/** The middle one of some numbers. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Whether anything ran at all. */
export function hasRun(): boolean {
  return sink !== 0;
}
