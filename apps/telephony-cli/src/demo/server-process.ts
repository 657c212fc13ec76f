import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** `telephony serve` as a process of its own, so that it can be killed. */
export interface ServerProcess {
  /** Starts it, and resolves when it listens. */
  start(): Promise<void>;
  /** SIGKILL: no handler runs, nothing is flushed. Resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM: resolves when it has ended by itself. */
  stop(): Promise<void>;
}

/** What {@link createServerProcess} takes. */
export interface ServerProcessOptions {
  readonly config: string;
  readonly data: string;
  /** What the server says goes here. */
  readonly log: string;
}

/** Runs another command of this program. */
export function spawnTelephony(args: readonly string[]): ChildProcess {
  const bin = fileURLToPath(import.meta.resolve('@openclaw/telephony-cli/bin'));
  return spawn(process.execPath, [...process.execArgv, bin, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Makes a server process that answers with the demo's agent. It is not started yet. */
export function createServerProcess({ config, data, log }: ServerProcessOptions): ServerProcess {
  const agent = import.meta.resolve('@openclaw/telephony-cli/demo-agent');
  let child: ChildProcess | undefined;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };
  return {
    async start() {
      const args = ['--json', 'serve', '-c', config, '-d', data, '--handler', agent];
      child = spawnTelephony(args);
      // Whatever ends the demo, its server must not outlive it.
      const orphan = child;
      const takeAlong = (): void => void orphan.kill('SIGKILL');
      process.once('exit', takeAlong);
      child.once('exit', () => process.off('exit', takeAlong));
      child.stderr?.pipe(createWriteStream(log, { flags: 'a', mode: 0o600 }));
      await firstLine(child, log);
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
}

/** The server prints one line when it listens. */
async function firstLine(child: ChildProcess, log: string): Promise<void> {
  if (child.stdout === null) throw new Error('the server has no standard output');
  const lines = createInterface({ input: child.stdout });
  const line = await Promise.race([
    once(lines, 'line').then(() => 'listens' as const),
    once(child, 'exit').then(() => 'ended' as const),
  ]);
  if (line === 'ended') throw new Error(`the server did not start; see ${log}`);
}
