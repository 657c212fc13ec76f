// Packs every package, checks each tarball with publint and attw, installs them all into a blank project with npm, and
// loads every subpath as ESM and through require(esm). Run it after a build: `pnpm run check:release` does both.
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

interface Manifest {
  readonly name: string;
  readonly bin?: { readonly [name: string]: string };
  readonly publishConfig?: { readonly exports?: { readonly [subpath: string]: unknown } };
}

const root = join(import.meta.dirname, '..');
const work = mkdtempSync(join(tmpdir(), 'pack-check-'));
const run = (cwd: string, command: string, ...args: string[]): string =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

const tarballs: string[] = [];
const specifiers: string[] = [];
const commands: string[] = [];
for (const folder of globSync('{packages,apps}/*', { cwd: root })) {
  const cwd = join(root, folder);
  if (!existsSync(join(cwd, 'package.json'))) continue;
  const manifest: Manifest = JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8'));
  const out = join(work, basename(folder));
  mkdirSync(out);
  run(cwd, 'pnpm', 'pack', '--pack-destination', out);
  const file = join(out, readdirSync(out)[0] ?? '');
  run(cwd, 'publint', 'run', file, '--strict');
  const isApp = folder.startsWith('apps');
  if (!isApp) run(cwd, 'attw', file, '--profile', 'esm-only', '--no-emoji', '--format', 'ascii');
  tarballs.push(file);
  commands.push(...Object.keys(manifest.bin ?? {}));
  const subpaths = Object.keys(manifest.publishConfig?.exports ?? {});
  if (!isApp) {
    const loadable = subpaths.filter((subpath) => !subpath.endsWith('.json'));
    specifiers.push(...loadable.map((subpath) => manifest.name + subpath.slice(1)));
  }
  console.log(`ok ${manifest.name}: packs, publint${isApp ? '' : ', attw'}`);
}

const blank = join(work, 'blank');
mkdirSync(blank);
writeFileSync(join(blank, 'package.json'), '{"name":"blank","private":true}\n');
run(blank, 'npm', 'install', '--no-audit', '--no-fund', '--loglevel=error', ...tarballs);
for (const specifier of specifiers) {
  run(blank, 'node', '--input-type=module', '-e', `await import('${specifier}')`);
  run(blank, 'node', '--input-type=commonjs', '-e', `require('${specifier}')`);
  console.log(`ok ${specifier}: import and require on ${process.version}`);
}
for (const command of commands) {
  run(blank, join(blank, 'node_modules', '.bin', command), '--help');
  console.log(`ok ${command} --help`);
}
if (commands.includes('telephony')) {
  run(
    blank,
    join(blank, 'node_modules', '.bin', 'telephony'),
    'demo',
    '--data',
    join(work, 'demo'),
  );
  console.log('ok telephony demo, as installed');
}
rmSync(work, { recursive: true });
