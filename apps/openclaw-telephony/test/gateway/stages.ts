/** What a stage tells beside its time. */
export type Facts = { readonly [name: string]: unknown };

/** One thing that was tried. */
export interface StageResult {
  readonly name: string;
  readonly ok: boolean;
  readonly ms: number;
  readonly facts?: Facts;
  readonly error?: string;
}

/** Runs stages one after the other, prints a line for each, and remembers. */
export interface Stages {
  /** A stage that throws has failed; a vital one ends the run. */
  run(name: string, stage: () => Promise<Facts | void>, options?: StageOptions): Promise<void>;
  readonly results: readonly StageResult[];
}

/** What a stage is. */
export interface StageOptions {
  /** Nothing after it makes sense when it fails. */
  readonly vital?: boolean;
}

/** Thrown when a vital stage failed. */
export class Abandoned extends Error {}

export function createStages(only: RegExp | undefined): Stages {
  const results: StageResult[] = [];
  return {
    results,
    async run(name, stage, { vital = false } = {}) {
      if (only !== undefined && !vital && !only.test(name)) return;
      const start = performance.now();
      const elapsed = (): number => Math.round(performance.now() - start);
      try {
        const facts = await stage();
        const ms = elapsed();
        results.push({ name, ok: true, ms, ...(facts === undefined ? {} : { facts }) });
        const told = facts === undefined ? '' : `  ${JSON.stringify(facts)}`;
        console.log(`ok   ${String(ms).padStart(6)} ms  ${name}${told}`);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        const ms = elapsed();
        results.push({ name, ok: false, ms, error: message });
        console.log(`FAIL ${String(ms).padStart(6)} ms  ${name}\n       ${message}`);
        if (vital) throw new Abandoned(name, { cause: error });
      }
    },
  };
}

/** @throws {Error} unless it holds */
export function check(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}

/** Asks again and again until there is an answer. */
export async function until<Answer>(
  what: string,
  ask: () => Promise<Answer | undefined | false> | Answer | undefined | false,
  timeoutMs = 20_000,
): Promise<Answer> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > end) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await pause(25);
  }
}

export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms));
