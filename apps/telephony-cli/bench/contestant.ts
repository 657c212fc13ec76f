import { fileURLToPath } from 'node:url';
import { type ChildProgram, startChild } from '../test/reliability/child-program.testing.ts';

const gauge = new URL('../test/reliability/preload-gauge.testing.ts', import.meta.url).href;

/** A server to be measured. */
export interface Contestant {
  readonly origin: string;
  readonly child: ChildProgram;
}

/** Starts a server in a process of its own, with the conditions that this process was started with. */
export async function startContestant(
  program: URL,
  args: readonly string[] = [],
): Promise<Contestant> {
  const nodeArgs = [...process.execArgv, '--import', gauge, fileURLToPath(program)];
  const child = await startChild({ nodeArgs, args });
  return { child, origin: listeningAt(child.firstLine) };
}

/** The same for the command itself, as it is built; nothing is loaded into it that a user has not. */
export async function startServe(args: readonly string[]): Promise<Contestant> {
  const bin = fileURLToPath(import.meta.resolve('@openclaw/telephony-cli/bin'));
  const child = await startChild({
    nodeArgs: [...process.execArgv, bin],
    args: ['--json', 'serve', ...args],
  });
  return { child, origin: listeningAt(child.firstLine) };
}

function listeningAt(line: unknown): string {
  if (typeof line === 'object' && line !== null && 'listening' in line) {
    return String(line.listening);
  }
  throw new Error('the program did not say where it listens');
}
