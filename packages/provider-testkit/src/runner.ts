/**
 * What the kit needs of a test runner. The `describe` and `it` of vitest, jest, mocha, bun:test and node:test fit.
 *
 * @example
 * import { describe, it } from 'node:test';
 * runProviderContract(contract, { describe, it });
 */
export interface Runner {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly it: (name: string, body: () => Promise<void>) => unknown;
}
