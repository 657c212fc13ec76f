import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

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
