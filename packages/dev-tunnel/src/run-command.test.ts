import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { type CommandOptions, runCommand } from './run-command.ts';
import type { SpawnProcess } from './tunnel.ts';

const sh = (script: string, options: Partial<CommandOptions> = {}) =>
  runCommand({
    file: '/bin/sh',
    args: ['-c', script],
    environment: { PATH: '/usr/bin:/bin' },
    timeoutMs: 10_000,
    ...options,
  });

const enough = (output: string): boolean => output.includes('visit');
const elsewhere: SpawnProcess = (_file, args, options) => spawn('/nowhere/at-all', args, options);

describe('a short command', () => {
  it('gives its code and what it wrote', async () => {
    expect(await sh('echo out; echo err >&2; exit 3')).toEqual({
      code: 3,
      stdout: 'out\n',
      stderr: 'err\n',
    });
  });
  it('is ended when it has said enough', async () => {
    expect(await sh('echo please visit; exec sleep 600', { enough })).toMatchObject({
      code: undefined,
    });
  });
  it('is ended when it writes without end', async () => {
    await expect(sh('exec yes')).rejects.toMatchObject({ code: 'start_failed' });
  });
  it('is ended after its time', async () => {
    await expect(sh('exec sleep 600', { timeoutMs: 1 })).rejects.toMatchObject({ code: 'timeout' });
  });
  it('is ended by a signal, and not started after one', async () => {
    const abort = new AbortController();
    const running = sh('exec sleep 600', { signal: abort.signal });
    abort.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    await expect(sh('exit 0', { signal: abort.signal })).rejects.toThrow('enough');
  });
  it('that cannot be started is an error of ours', async () => {
    await expect(sh('exit 0', { spawn: elsewhere })).rejects.toMatchObject({
      code: 'start_failed',
    });
  });
});
