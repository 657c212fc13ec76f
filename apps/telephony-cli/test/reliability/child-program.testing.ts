import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { readAnswer } from './parent-line.testing.ts';

/** A program in a process of its own. */
export interface ChildProgram {
  /** The first line that it printed, as JSON. */
  readonly firstLine: unknown;
  readonly pid: number;
  /** Asks what was loaded into it with `--import`. */
  ask(topic: string, words?: string): Promise<unknown>;
  /** The same for what is answered with a number. */
  measure(topic: 'cpu' | 'heap' | 'rss'): Promise<number>;
  /** SIGKILL: nothing is flushed. Resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM: resolves with its exit code when it has ended by itself. */
  stop(): Promise<number | null>;
}

/** What {@link startChild} takes. */
export interface ChildOptions {
  /** For Node.js: conditions, `--import`, and the program. */
  readonly nodeArgs: readonly string[];
  readonly args?: readonly string[];
  /** Where standard error goes; default: nowhere. */
  readonly log?: string;
  /** Called as soon as the process exists, long before it is ready. */
  readonly onSpawn?: (kill: () => Promise<void>) => void;
}

/**
 * Starts a program and resolves with the first line that it prints.
 *
 * @throws {Error} when it ends before that
 */
export async function startChild(options: ChildOptions): Promise<ChildProgram> {
  const { nodeArgs, args = [], log, onSpawn } = options;
  const child = spawn(process.execPath, [...nodeArgs, ...args], {
    stdio: ['ignore', 'pipe', log === undefined ? 'ignore' : 'pipe', 'ipc'],
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', NO_COLOR: '1' },
  });
  const takeAlong = (): void => void child.kill('SIGKILL');
  process.once('exit', takeAlong);
  child.once('exit', () => process.off('exit', takeAlong));
  if (log !== undefined) child.stderr?.pipe(createWriteStream(log, { flags: 'a', mode: 0o600 }));
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.kill(signal);
      await ended;
    }
    return child.exitCode;
  };
  const kill = async (): Promise<void> => void (await end('SIGKILL'));
  onSpawn?.(kill);
  const firstLine = await readFirstLine(child);
  const ask = createAsker(child);
  return {
    firstLine,
    pid: child.pid ?? 0,
    ask,
    measure: async (topic) => Number(await ask(topic)),
    kill,
    stop: () => end('SIGTERM'),
  };
}

async function readFirstLine(child: ChildProcess): Promise<unknown> {
  if (child.stdout === null) throw new Error('the child has no standard output');
  const lines = createInterface({ input: child.stdout });
  const line = await new Promise<string | undefined>((resolve) => {
    lines.once('line', resolve);
    child.once('exit', () => resolve(undefined));
  });
  if (line === undefined) throw new ChildEndedError();
  return JSON.parse(line);
}

/** The program ended before it was ready. */
export class ChildEndedError extends Error {
  constructor() {
    super('the program ended before it printed its first line');
  }
}

function createAsker(child: ChildProcess): ChildProgram['ask'] {
  let count = 0;
  return (topic, words = '') =>
    new Promise((resolve, reject) => {
      count += 1;
      const number = count;
      const onExit = (): void => reject(new Error('the program ended before it answered'));
      const onMessage = (message: unknown): void => {
        const answer = readAnswer(message);
        if (answer?.number !== number) return;
        child.off('message', onMessage).off('exit', onExit);
        if (answer.problem === undefined) resolve(answer.result);
        else reject(new Error(answer.problem));
      };
      child.on('message', onMessage).once('exit', onExit);
      child.send({ number, topic, words });
    });
}
