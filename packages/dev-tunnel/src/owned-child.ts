import { type ChildProcess, spawn as nodeSpawn } from 'node:child_process';
import { createLineSplitter } from './lines.ts';
import type { SpawnProcess } from './tunnel.ts';

/**
 * Runs `"$@"` and ends it when the standard input ends, which the system closes for us however we die. The number is the
 * time from asking to killing then; while we live, `stop()` sees to that.
 */
const leash = `
exec 3<&0
"$@" </dev/null 3<&- &
child=$!
(
  while read -r line <&3; do :; done
  kill -TERM "$child"
  sleep 5
  kill -KILL "$child"
) >/dev/null 2>&1 &
watcher=$!
exec 3<&-
wait "$child"
code=$?
kill -TERM "$watcher" 2>/dev/null
exit "$code"
`;

/** What to start, and who listens. */
export interface OwnedChildOptions {
  readonly file: string;
  readonly args: readonly string[];
  readonly environment: { readonly [name: string]: string };
  readonly stopTimeoutMs: number;
  readonly spawn?: SpawnProcess | undefined;
  /** Called with each line of standard output and error. */
  readonly onLine: (line: string) => void;
}

/** A child that does not outlive us. */
export interface OwnedChild {
  /** Resolves when it has ended and all its lines were told; never rejects. */
  readonly exited: Promise<{ readonly code: number | undefined }>;
  /** Asks it to end, kills it after `stopTimeoutMs`, and resolves when it has ended. */
  stop(): Promise<void>;
}

/** Starts a long-running program that ends with us: on `stop()`, at our end, and at a crash of ours (not on Windows). */
export function startOwnedChild(options: OwnedChildOptions): OwnedChild {
  const { file, args, environment, stopTimeoutMs, spawn = nodeSpawn, onLine } = options;
  const leashed = process.platform !== 'win32';
  const child = leashed
    ? spawn('/bin/sh', ['-c', leash, 'leash', file, ...args], {
        env: environment,
        stdio: ['pipe', 'pipe', 'pipe'],
        // A process group of its own: it can be killed as a whole, and Ctrl-C reaches it through us alone.
        detached: true,
      })
    : spawn(file, args, { env: environment, stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true });
  const kill = (signal: NodeJS.Signals): void => {
    if (leashed && child.pid !== undefined) killGroup(child.pid, signal);
    else child.kill(signal);
  };
  child.stdin?.on('error', () => undefined);
  const killNow = (): void => kill('SIGKILL');
  // Where there is no leash, the last moment of an orderly end is all there is.
  if (!leashed) process.once('exit', killNow);

  const exited = ended(child, onLine).then((code) => {
    process.off('exit', killNow);
    // Had somebody killed the leash alone, its program would live on.
    if (leashed) killNow();
    return { code };
  });
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    if (leashed) child.stdin?.end();
    else kill('SIGTERM');
    const timer = setTimeout(killNow, stopTimeoutMs);
    await exited;
    clearTimeout(timer);
  };
  return { exited, stop: () => (stopping ??= stop()) };
}

function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody is left in the group.
  }
}

/** Pipes that a grandchild keeps open must not keep us waiting for `close`. */
const drainMs = 250;

function ended(child: ChildProcess, onLine: (line: string) => void): Promise<number | undefined> {
  const splitters = [child.stdout, child.stderr].map((stream) => {
    const splitter = createLineSplitter(onLine);
    stream?.on('data', (chunk: Uint8Array) => splitter.push(chunk));
    return splitter;
  });
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    const done = (code: number | null): void => {
      clearTimeout(timer);
      for (const splitter of splitters) splitter.end();
      resolve(code ?? undefined);
    };
    child.once('error', () => done(null));
    child.once('exit', (code) => (timer = setTimeout(() => done(code), drainMs)));
    child.once('close', done);
  });
}
