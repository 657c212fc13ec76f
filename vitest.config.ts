import { defineConfig } from 'vitest/config';

// Workspace packages resolve to their sources, so tests need no build.
// The rest of the condition list is Vite's default for Node.
export default defineConfig({
  ssr: {
    resolve: { conditions: ['@openclaw/source', 'module', 'node', 'development|production'] },
  },
  test: {
    // No test leaves anything behind for the next file; a worker for each would cost a third of the time.
    isolate: false,
    include: ['{packages,apps}/*/{src,test}/**/*.test.ts', 'scripts/**/*.test.ts'],
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**'],
      reporter: ['text', 'json-summary'],
    },
  },
});
