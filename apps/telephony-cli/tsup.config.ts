import { defineConfig } from 'tsup';

/**
 * Everything in one place: a command is started often, and a hundred small files cost more time than they do work. What a
 * command does not need stays in chunks that it does not load.
 */
export default defineConfig({
  entry: ['./src/bin.ts', './src/demo-agent.ts'],
  format: ['esm'],
  platform: 'node',
  target: 'node22',
  // Without it, esbuild writes `node:sqlite` as `sqlite`, which does not exist.
  removeNodeProtocol: false,
  noExternal: [/^(?!@ngrok\/)/u],
  // A native module, loaded for one kind of tunnel alone.
  external: ['@ngrok/ngrok'],
  esbuildOptions(options) {
    options.conditions = ['@openclaw/source', 'module', 'node'];
  },
  // What was CommonJS asks for built-in modules with `require`.
  banner: {
    js: "import { createRequire as createRequireHere } from 'node:module'; const require = createRequireHere(import.meta.url);",
  },
  tsconfig: '../../tsconfig.json',
  clean: true,
  treeshake: true,
});
