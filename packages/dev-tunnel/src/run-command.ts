import { spawn as nodeSpawn } from 'node:child_process';
import { TunnelError } from './tunnel-error.ts';
import type { SpawnProcess } from './tunnel.ts';

/** More than any status of one machine; what lies beyond is an error, not a half-read answer. */
const maxOutputBytes = 1_048_576;

/** What to run. */
export interface CommandOptions {
  readonly file: string;
  readonly args: readonly string[];
  readonly environment: { readonly [name: string]: string };
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly spawn?: SpawnProcess | undefined;
  /** Looks at all output so far, and ends the command at `true`: it waits for something that will not come. */
  readonly enough?: (output: string) => boolean;
}

/** How it went. `code` is undefined when the command was ended by a signal. */
export interface CommandResult {
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a short command to its end.
 *
 * @throws {@link TunnelError} `timeout`, or the reason of `signal`.
 */
export function runCommand(options: CommandOptions): Promise<CommandResult> {
  const { file, args, environment, timeoutMs, signal, spawn = nodeSpawn, enough } = options;
  const shown = `${file} ${args.slice(0, 2).join(' ')}`;
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) throw signal.reason;
    const child = spawn(file, args, {
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    let stopped: unknown;
    const stop = (why: unknown): void => {
      stopped ??= why;
      child.kill('SIGKILL');
    };
    const onAbort = (): void => stop(signal?.reason);
    const timer = setTimeout(
      () => stop(new TunnelError('timeout', `${shown} did not end within ${timeoutMs} ms.`)),
      timeoutMs,
    );
    signal?.addEventListener('abort', onAbort, { once: true });

    const output = { stdout: '', stderr: '' };
    const collect = (name: 'stdout' | 'stderr'): void => {
      child[name]?.setEncoding('utf8').on('data', (text: string) => {
        output[name] += text;
        if (output[name].length > maxOutputBytes) {
          stop(
            new TunnelError('start_failed', `${shown} wrote more than ${maxOutputBytes} bytes.`),
          );
        }
        if (enough?.(output.stdout + output.stderr) === true) child.kill('SIGKILL');
      });
    };
    collect('stdout');
    collect('stderr');

    const settle = (settled: () => void): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      settled();
    };
    child.once('error', () =>
      settle(() => reject(new TunnelError('start_failed', `${shown} could not be started.`))),
    );
    child.once('close', (code) =>
      settle(() =>
        stopped === undefined ? resolve({ code: code ?? undefined, ...output }) : reject(stopped),
      ),
    );
  });
}
