/** A promise in numbers. */
export interface Gate {
  /** What was measured, and what is wanted. */
  readonly text: string;
  readonly held: boolean;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** The value below which this share of all values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Prints verdicts, and makes the process end with 1 when one is missed. */
export function judge(gates: readonly Gate[]): void {
  for (const { text, held } of gates) {
    console.log(`${held ? 'pass' : 'MISS'}  ${text}`);
    if (!held) process.exitCode = 1;
  }
}
