import { readFileSync } from 'node:fs';
import { defineConfig } from 'tsup';

/** One build for every package: each `@openclaw/source` export, and each source behind a `bin`, is an entry. */
interface Manifest {
  readonly exports?: Record<string, string | { readonly '@openclaw/source'?: string }>;
  readonly bin?: Record<string, string>;
}
const manifest: Manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const exported = Object.values(manifest.exports ?? {}).flatMap((target) =>
  typeof target === 'object' && target['@openclaw/source'] !== undefined
    ? [target['@openclaw/source']]
    : [],
);
const commands = Object.values(manifest.bin ?? {}).map((file) =>
  file.replace('./dist/', './src/').replace(/\.js$/u, '.ts'),
);

export default defineConfig({
  entry: [...new Set([...exported, ...commands])],
  format: ['esm'],
  platform: 'node',
  target: 'node22',
  // Without it, esbuild writes `node:sqlite` as `sqlite`, which does not exist.
  removeNodeProtocol: false,
  dts: { entry: exported },
  tsconfig: '../../tsconfig.json',
  sourcemap: true,
  clean: true,
  treeshake: true,
});
