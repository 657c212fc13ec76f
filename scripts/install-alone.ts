// Installs each provider into an empty project from its tarball, with nothing but what it needs, and runs the ten lines of
// its README there against a simulated carrier. Run it after a build: `npm run check:alone` does both.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { startSimulatedCarrier } from '../apps/telephony-cli/src/simulated-carrier.ts';
import { carrierNames } from '../apps/telephony-cli/src/carrier-names.ts';

const root = join(import.meta.dirname, '..');
const work = mkdtempSync(join(tmpdir(), 'install-alone-'));
const scope = '@openclaw/';
const run = (cwd: string, command: string, ...args: string[]): string =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

/** The packages of ours that a package needs, itself included. */
function needs(name: string, found = new Set<string>()): Set<string> {
  if (found.has(name)) return found;
  found.add(name);
  const manifest: { readonly dependencies?: { readonly [name: string]: string } } = JSON.parse(
    readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'),
  );
  for (const dependency of Object.keys(manifest.dependencies ?? {})) {
    if (dependency.startsWith(scope)) needs(dependency.slice(scope.length), found);
  }
  return found;
}

function pack(name: string): string {
  const out = join(work, 'tarballs', name);
  mkdirSync(out, { recursive: true });
  run(join(root, 'packages', name), 'pnpm', 'pack', '--pack-destination', out);
  return join(out, readdirSync(out)[0] ?? '');
}

/** The first example of a README, with the credentials of a simulated account in place of its own. */
function example(provider: string): string {
  const readme = readFileSync(join(root, 'packages', provider, 'README.md'), 'utf8');
  const block = /^```ts\n([\s\S]*?)^```$/mu.exec(readme)?.[1] ?? '';
  const code = block.replace(
    /(create\w+Provider)\(\{[^}]*\}\)/u,
    "$1(JSON.parse(process.env['ACCOUNT'] ?? ''))",
  );
  if (code === block) throw new Error(`the first example of ${provider} makes no provider`);
  return code;
}

for (const carrier of carrierNames) {
  const provider = `provider-${carrier}`;
  const folder = join(work, carrier);
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{"name":"alone","private":true,"type":"module"}\n');
  const tarballs = [...needs(provider)].map(pack);
  run(folder, 'npm', 'install', '--no-audit', '--no-fund', '--loglevel=error', ...tarballs);
  const installed = readdirSync(join(folder, 'node_modules')).filter(
    (name) => !name.startsWith('.'),
  );
  const strangers = installed.filter((name) => name !== '@openclaw' && name !== 'tweetnacl');
  if (strangers.length > 0) throw new Error(`${provider} brings ${strangers.join(', ')}`);

  const { sim, settings } = await startSimulatedCarrier(carrier, {
    numbers: [{ number: '+15550100100' }],
  });
  writeFileSync(join(folder, 'example.ts'), example(provider));
  writeFileSync(
    join(folder, 'main.ts'),
    "import { sendHello } from './example.ts';\nconsole.log((await sendHello()).messageId);\n",
  );
  const child = spawn(process.execPath, ['main.ts'], {
    cwd: folder,
    env: { ...process.env, ACCOUNT: JSON.stringify(settings[carrier]) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [printed] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  const [sent] = sim.messages;
  await sim.close();
  if (sent === undefined || sent.id !== printed.trim()) {
    throw new Error(`the example of ${provider} sent nothing to the simulated carrier`);
  }
  console.log(
    `ok ${provider}: installs with ${tarballs.length} packages of ours and sends its example`,
  );
}
rmSync(work, { recursive: true });
