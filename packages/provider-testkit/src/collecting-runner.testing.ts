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

/** Runs the kit as a test runner would, and returns what every test did. */
export async function resultsOf<Provider extends TelephonyProvider>(
  contract: ProviderContract<Provider>,
): Promise<readonly TestResult[]> {
  const tests: { readonly name: string; readonly body: () => Promise<void> }[] = [];
  const names: string[] = [];
  const runner: Runner = {
    describe(name, body) {
      names.push(name);
      body();
      names.pop();
    },
    it(name, body) {
      tests.push({ name: [...names.slice(1), name].join(' > '), body });
    },
  };
  runProviderContract(contract, runner);
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
export async function failuresOf<Provider extends TelephonyProvider>(
  contract: ProviderContract<Provider>,
): Promise<readonly string[]> {
  const results = await resultsOf(contract);
  return results.flatMap(({ name, failure }) =>
    failure === undefined ? [] : [`${name}: ${failure}`],
  );
}
