import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Machine } from './machine.ts';

const app = fileURLToPath(new URL('../../', import.meta.url));
const bin = fileURLToPath(new URL('../../../../node_modules/.bin/', import.meta.url));

/** Builds and packs the plugin, as a release does. Gives the file. */
export function packPlugin({ folder }: Machine): string {
  shell('tsup', [], folder);
  shell('pnpm', ['pack', '--pack-destination', folder], folder);
  const name = readdirSync(folder).find((file) => file.endsWith('.tgz'));
  if (name === undefined) throw new Error('nothing was packed');
  return join(folder, name);
}

function shell(command: string, args: readonly string[], folder: string): void {
  const { status, stdout, stderr, error } = spawnSync(join(bin, command), args, {
    cwd: app,
    encoding: 'utf8',
    // This user's home may be anything, and not writable.
    env: { ...process.env, HOME: join(folder, 'home') },
  });
  if (status === 0) return;
  throw new Error(`${command} failed: ${String(error ?? '')}${(stdout + stderr).slice(-1500)}`);
}

/** A configuration of OpenClaw's with nothing but a gateway on this machine, and a model. */
export function hostConfiguration(
  { folder, gatewayPort, token }: Machine,
  modelUrl: string,
): object {
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
