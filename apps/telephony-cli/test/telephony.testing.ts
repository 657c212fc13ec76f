import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { main } from '../src/main.ts';

/** What a command printed, and how it ended. */
export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const bin = fileURLToPath(new URL('../src/bin.ts', import.meta.url));

/** Starts the command as a person would, in a process of its own. */
export function startTelephony(
  args: readonly string[],
  environment: { readonly [name: string]: string } = {},
) {
  return spawn(process.execPath, ['--conditions=@openclaw/source', bin, ...args], {
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', NO_COLOR: '1', ...environment },
    stdio: 'pipe',
  });
}

/** Runs the command to its end. */
export async function telephony(
  args: readonly string[],
  options: {
    readonly input?: string;
    readonly environment?: { readonly [name: string]: string };
  } = {},
): Promise<CommandResult> {
  const child = startTelephony(args, options.environment);
  child.stdin.end(options.input ?? '');
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { code: typeof code === 'number' ? code : null, stdout, stderr };
}

/** Runs the command inside this process: the same program without the time that a process takes to start. */
export async function telephonyHere(
  args: readonly string[],
  options: {
    readonly input?: string;
    readonly environment?: { readonly [name: string]: string };
  } = {},
): Promise<CommandResult> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const code = await main(args, {
    stdin: Readable.from([options.input ?? '']),
    stdout,
    stderr,
    environment: options.environment ?? {},
    onStop: () => new AbortController().signal,
    onReload: () => () => undefined,
  });
  stdout.end();
  stderr.end();
  return { code, stdout: await text(stdout), stderr: await text(stderr) };
}
