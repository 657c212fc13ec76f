import { cpSync } from 'node:fs';
import { defineConfig } from 'tsup';

// One readable file for each entry, and one for each part that is loaded only when it is needed. Everything but the
// host is inside: the package is installed without a network.
export default defineConfig({
  entry: ['src/index.ts', 'src/setup-entry.ts', 'src/secret-contract-api.ts'],
  format: ['esm'],
  platform: 'node',
  target: 'node24',
  // The gateway's own fetch sends; the libraries' faster transport would be half of the package.
  external: [/^openclaw\//u, 'undici', '@ngrok/ngrok'],
  noExternal: [/^(?!openclaw\/|undici$|@ngrok\/|node:)/u],
  removeNodeProtocol: false,
  splitting: true,
  treeshake: false,
  minify: false,
  sourcemap: false,
  // For the one dependency that is CommonJS and asks for `crypto` when it is loaded.
  banner: {
    js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);",
  },
  clean: true,
  dts: false,
  tsconfig: '../../tsconfig.json',
  esbuildOptions(options) {
    options.conditions = ['@openclaw/source', 'module', 'import'];
  },
  // The guides, for whoever has the package and not the repository; their links to each other hold.
  onSuccess() {
    for (const page of ['openclaw', 'tunnels.md']) {
      cpSync(`../../docs/${page}`, `dist/docs/${page}`, {
        recursive: true,
        // It leads to the README of the package, which is elsewhere there.
        filter: (file) => !file.endsWith('README.md'),
      });
    }
    return Promise.resolve();
  },
});
