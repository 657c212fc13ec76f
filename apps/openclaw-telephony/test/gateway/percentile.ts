/** The value that so many of a hundred do not exceed, to a tenth. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  const at = Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1);
  return Math.round((sorted[at] ?? 0) * 10) / 10;
}
