import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { botNumber, publicOrigin } from './carrier.ts';
import type { Scene } from './scene.ts';
import { check } from './stages.ts';

const app = fileURLToPath(new URL('../../', import.meta.url));
const bin = fileURLToPath(new URL('../../../../node_modules/.bin/', import.meta.url));
const secretVariable = 'SIMULATED_SECRET';
export const secretVariables = (value: string): { readonly [name: string]: string } => ({
  [secretVariable]: value,
});

/** From the sources to a gateway that runs the plugin. */
export async function installSteps({ machine, carrier, model, stages }: Scene): Promise<void> {
  let tarball = '';
  await stages.run(
    'build and pack',
    async () => {
      shell('tsup', []);
      shell('pnpm', ['pack', '--pack-destination', machine.folder]);
      const name = readdirSync(machine.folder).find((file) => file.endsWith('.tgz')) ?? '';
      tarball = join(machine.folder, name);
      await machine.configure(configuration(machine, model.url));
      return { tarball: name, bytes: statSync(tarball).size };
    },
    { vital: true },
  );
  await stages.run(
    'install from the tarball, without a network',
    async () => {
      await machine.openclaw(['plugins', 'install', tarball, '--force', '--accept-capabilities']);
    },
    { vital: true },
  );
  await stages.run(
    'channels add, with flags',
    async () => {
      await machine.openclaw([
        'channels',
        'add',
        '--channel',
        'telephony',
        '--provider',
        carrier.name,
        '--from-number',
        botNumber,
        '--inbound-policy',
        'pairing',
        '--public-url',
        publicOrigin,
        '--webhook-port',
        String(machine.webhookPort),
        ...carrier.flags,
      ]);
      const { path, value } = carrier.secret;
      check(value !== '', 'no secret');
      const [section = '', key = ''] = path.split('.');
      const reference = { source: 'env', provider: 'default', id: secretVariable };
      await machine.change('channels.telephony', {
        [section]: { [key]: reference, baseUrl: carrier.sim.baseUrl },
        outbound: { segmentsPerSecond: 1000 },
      });
    },
    { vital: true },
  );
  await stages.run('a wrong setting is refused, by its name', async () => {
    const unknown = await machine.openclaw(
      ['config', 'set', 'channels.telephony.fromNumbr', '"+15550100100"', '--strict-json'],
      { mayFail: true },
    );
    check(unknown.code !== 0 && unknown.all.includes('fromNumbr'), unknown.all.slice(-300));
  });
  await stages.run('boot', () => machine.gateway.start(), { vital: true });
}

function shell(command: string, args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(join(bin, command), args, {
    cwd: app,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${command} failed: ${(stdout + stderr).slice(-1500)}`);
}

function configuration({ folder, gatewayPort, token }: Scene['machine'], modelUrl: string): object {
  const cost = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
  const model = {
    id: 'mock-1',
    name: 'Mock',
    reasoning: false,
    input: ['text', 'image'],
    cost,
    contextWindow: 128_000,
    maxTokens: 4096,
  };
  return {
    gateway: {
      mode: 'local',
      port: gatewayPort,
      bind: 'loopback',
      auth: { mode: 'token', token },
    },
    logging: { file: join(folder, 'rolling.log') },
    agents: {
      defaults: {
        workspace: join(folder, 'workspace'),
        model: { primary: 'mock/mock-1' },
        skipBootstrap: true,
        heartbeat: { target: 'none' },
      },
    },
    tools: { toolSearch: false },
    models: {
      mode: 'merge',
      providers: {
        mock: { baseUrl: modelUrl, apiKey: 'sk-mock', api: 'openai-completions', models: [model] },
      },
    },
  };
}

/** Writes what was found where a person can read it. */
export const writeResults = (folder: string, results: unknown): Promise<void> =>
  writeFile(join(folder, 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
