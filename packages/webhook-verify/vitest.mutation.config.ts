import { defineConfig } from 'vitest/config';

/**
 * What `stryker.config.json` runs for each mutant: the package's tests with fewer generated inputs,
 * and without those that load the SDKs. Stryker copies only this folder, so nothing outside of it
 * can be imported here.
 */
export default defineConfig({
  test: {
    isolate: false,
    include: ['{src,test}/**/*.test.ts'],
    exclude: ['**/{*agreement,bundles,disagreements,examples,readme}.test.ts'],
    setupFiles: ['test/fewer-runs.ts'],
  },
});
