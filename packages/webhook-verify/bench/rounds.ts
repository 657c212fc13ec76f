/** A thing to measure: called often, must not be optimised away. */
export type Contestant = () => unknown;

export interface Gate {
  readonly name: string;
  /** `subject` must cost at most this many times what `peer` costs. */
  readonly subject: string;
  readonly peer: string;
  readonly atMost: number;
}

const roundCount = 41;
const roundNs = 6e6;

let sink: unknown;

function timePerCall(contestant: Contestant, callCount: number): number {
  const start = process.hrtime.bigint();
  for (let call = 0; call < callCount; call += 1) sink = contestant();
  return Number(process.hrtime.bigint() - start) / callCount;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/**
 * Measures all contestants in turn, round by round, so that a slow moment of the machine meets all
 * of them alike. A gate is judged by the median of the rounds' ratios.
 */
export function runGates(
  contestants: Readonly<Record<string, Contestant>>,
  gates: readonly Gate[],
): boolean {
  const names = Object.keys(contestants);
  const callCounts = new Map<string, number>();
  for (const [name, contestant] of Object.entries(contestants)) {
    timePerCall(contestant, 2000);
    callCounts.set(name, Math.max(1, Math.round(roundNs / timePerCall(contestant, 200))));
  }
  const rounds: Readonly<Record<string, number>>[] = [];
  for (let round = 0; round < roundCount; round += 1) {
    const times: Record<string, number> = {};
    // Every other round backwards, so that nobody always follows the same neighbour.
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const contestant = contestants[name];
      if (contestant !== undefined)
        times[name] = timePerCall(contestant, callCounts.get(name) ?? 1);
    }
    rounds.push(times);
  }
  for (const name of names) {
    const microseconds = median(rounds.map((times) => times[name] ?? Number.NaN)) / 1000;
    console.log(`${microseconds.toFixed(2).padStart(9)} µs  ${name}`);
  }
  const verdicts = gates.map(({ name, subject, peer, atMost }) => {
    const ratio = median(
      rounds.map((times) => (times[subject] ?? Number.NaN) / (times[peer] ?? Number.NaN)),
    );
    const passed = ratio <= atMost;
    const shown =
      atMost < 1
        ? `${(1 / ratio).toFixed(2)} x faster, at least ${(1 / atMost).toFixed(2)}`
        : `${ratio.toFixed(3)} x, at most ${atMost.toFixed(2)}`;
    console.log(`${passed ? 'pass' : 'MISS'}  ${name}: ${shown}`);
    return passed;
  });
  console.log(sink === undefined ? '' : '');
  return verdicts.every(Boolean);
}
