import type { TelephonyProvider } from '@openclaw/telephony-core';
import type { ProviderContract } from './fixtures.ts';
import { runProviderContract } from './run-provider-contract.ts';
import type { Runner } from './runner.ts';

/** What a test of the kit did. */
export interface TestResult {
  /** All the names, outermost first, joined with " > ". */
  readonly name: string;
  /** The message of its failure; absent when it passed. */
  readonly failure?: string;
}

/** Runs tests as a test runner would, one after the other, and returns what every test did. */
export async function collectResults(
  declare: (runner: Runner) => void,
): Promise<readonly TestResult[]> {
  const tests: { readonly name: string; readonly body: () => Promise<void> }[] = [];
  const names: string[] = [];
  declare({
    describe(name, body) {
      names.push(name);
      body();
      names.pop();
    },
    it(name, body) {
      tests.push({ name: [...names, name].join(' > '), body });
    },
  });
  const results: TestResult[] = [];
  for (const { name, body } of tests) {
    try {
      await body();
      results.push({ name });
    } catch (error) {
      results.push({ name, failure: error instanceof Error ? error.message : String(error) });
    }
  }
  return results;
}

/** The failures alone, as `name: message`. */
export function failuresIn(results: readonly TestResult[]): readonly string[] {
  return results.flatMap(({ name, failure }) =>
    failure === undefined ? [] : [`${name}: ${failure}`],
  );
}

/** What every test of the contract did; its name lacks that of the provider. */
export async function resultsOf<Provider extends TelephonyProvider>(
  contract: ProviderContract<Provider>,
): Promise<readonly TestResult[]> {
  const results = await collectResults((runner) => runProviderContract(contract, runner));
  return results.map(({ name, failure }) => {
    const short = name.split(' > ').slice(1).join(' > ');
    return failure === undefined ? { name: short } : { name: short, failure };
  });
}

/** The failures of the contract alone, as `name: message`. */
export async function failuresOf<Provider extends TelephonyProvider>(
  contract: ProviderContract<Provider>,
): Promise<readonly string[]> {
  return failuresIn(await resultsOf(contract));
}
