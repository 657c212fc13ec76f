import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

/** What we use of esbuild, which is in the tree as a dependency of tsup. */
interface Esbuild {
  build(options: object): Promise<{
    readonly metafile: { readonly inputs: Readonly<Record<string, unknown>> };
    readonly outputFiles: readonly { readonly text: string }[];
  }>;
}
const fromHere = createRequire(import.meta.url);
const esbuild: Esbuild = createRequire(fromHere.resolve('tsup'))('esbuild');
const subpaths = ['twilio', 'telnyx', 'plivo', 'url', 'replay'];

async function bundle(subpath: string) {
  const { metafile, outputFiles } = await esbuild.build({
    entryPoints: [fileURLToPath(new URL(`${subpath}.ts`, import.meta.url))],
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    external: ['node:*'],
  });
  const files = Object.keys(metafile.inputs).map((file) => file.replace(/^.*\/(?=[^/]+$)/u, ''));
  return { files, code: outputFiles[0]?.text ?? '' };
}

it.each(subpaths)('the bundle of %s has none of its siblings in it', async (subpath) => {
  const { files } = await bundle(subpath);
  for (const other of subpaths.filter((name) => name !== subpath)) {
    expect(files).not.toContain(`${other}.ts`);
    expect(files.filter((file) => file.startsWith(`${other}-`))).toEqual([]);
  }
  expect(files).toContain(`${subpath}.ts`);
});

it.each(subpaths)('only the bundle of telnyx has Ed25519 in it: %s', async (subpath) => {
  const { files, code } = await bundle(subpath);
  expect(files.includes('nacl-fast.js')).toBe(subpath === 'telnyx');
  expect(files.includes('ed25519.ts')).toBe(subpath === 'telnyx');
  expect(/ed25519/iu.test(code)).toBe(subpath === 'telnyx');
});

it.each(['telnyx', 'url', 'replay'])(
  'the bundle of %s imports nothing of node:crypto',
  async (subpath) => {
    const { code } = await bundle(subpath);
    expect(code).not.toMatch(/^import .*"node:crypto"/mu);
  },
);
