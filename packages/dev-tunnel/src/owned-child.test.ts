import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CloudflaredScene, createCloudflaredScene } from './cloudflared-scene.testing.ts';
import { startOwnedChild } from './owned-child.ts';

let scene: CloudflaredScene;
const children: ChildProcess[] = [];
const program = fileURLToPath(new URL('crashing-parent.testing.ts', import.meta.url));

beforeEach(async () => {
  scene = await createCloudflaredScene();
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await scene.close();
});

async function parentWithTunnel(how: string) {
  const parent = spawn(process.execPath, [program, scene.environment['PATH'] ?? '', how], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
  });
  children.push(parent);
  const fake = await scene.next();
  await fake.announce('calm-blue-sea');
  return { parent, fake };
}

describe('a child of ours', { timeout: 20_000 }, () => {
  it.each(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'does not outlive us when we are ended by %s',
    async (signal) => {
      const { parent, fake } = await parentWithTunnel('wait');
      await once(parent.stdout, 'data');
      parent.kill(signal);
      await expect(fake.dead).resolves.toBe('dead');
    },
  );
  it.each(['throw', 'exit'])('does not outlive us when we end by %s', async (how) => {
    const { fake } = await parentWithTunnel(how);
    await expect(fake.dead).resolves.toBe('dead');
  });
  it('reports its exit code and its last words, also without a line end', async () => {
    const lines: string[] = [];
    const child = startOwnedChild({
      file: '/bin/sh',
      args: ['-c', 'printf "one\\r\\ntwo"; printf "three" >&2; exit 7'],
      environment: {},
      stopTimeoutMs: 1000,
      onLine: (line) => lines.push(line),
    });
    expect(await child.exited).toEqual({ code: 7 });
    expect(lines.toSorted()).toEqual(['one', 'three', 'two']);
  });
  it('that cannot be started at all has ended', async () => {
    const child = startOwnedChild({
      file: '/bin/true',
      args: [],
      environment: {},
      stopTimeoutMs: 1000,
      spawn: (_file, args, options) => spawn('/nowhere/at-all', args, options),
      onLine: () => undefined,
    });
    expect(await child.exited).toEqual({ code: undefined });
    await child.stop();
  });
  it('gets its arguments as they are, whatever a shell would make of them', async () => {
    const lines: string[] = [];
    const args = ['$(id)', "it's", '; exit 3', '*', '"'];
    const child = startOwnedChild({
      file: '/usr/bin/printf',
      args: ['%s\\n', ...args],
      environment: {},
      stopTimeoutMs: 1000,
      onLine: (line) => lines.push(line),
    });
    expect(await child.exited).toEqual({ code: 0 });
    expect(lines).toEqual(args);
  });
});
