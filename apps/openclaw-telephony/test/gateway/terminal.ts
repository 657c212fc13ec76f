import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { stripVTControlCharacters } from 'node:util';
import { until } from './stages.ts';

/** A question by some of its words, and what is typed: `\r` is Enter, {@link down} the next choice. */
export type Answer = readonly [question: string, keys: string];

export const down = '\u001B[B';

/** Makes `openclaw` ask: to be given to node as arguments. */
export const askingArguments: readonly string[] = [
  '--import',
  new URL('./terminal-preload.ts', import.meta.url).href,
];

/**
 * Answers the questions of a program, each when it is asked, waits for its last words, and then for its end.
 *
 * @returns everything it showed
 * @throws {Error} when a question does not come, or the program fails
 */
export async function converse(
  child: ChildProcess,
  answers: readonly Answer[],
  lastWords: string,
): Promise<string> {
  let shown = '';
  const keep = (part: Buffer): void => {
    shown += stripVTControlCharacters(part.toString());
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const exited = once(child, 'close');
  try {
    let from = 0;
    for (const [question, keys] of [...answers, [lastWords, '']] as const) {
      const at = await until(
        `the question "${question}"`,
        () => {
          if (child.exitCode !== null) throw new Error(`it ended: ${shown.slice(-1500)}`);
          const found = shown.indexOf(question, from);
          return found < 0 ? undefined : found + 1;
        },
        60_000,
      );
      from = at + question.length;
      child.stdin?.write(keys);
    }
    // A program whose terminal stays open would wait for more.
    child.stdin?.end();
    const timer = setTimeout(() => child.kill('SIGKILL'), 60_000);
    await exited;
    clearTimeout(timer);
  } catch (error) {
    child.kill('SIGKILL');
    throw new Error(`${String(error)}\n${shown.slice(-1500)}`, { cause: error });
  }
  if (child.exitCode !== 0)
    throw new Error(`it ended with ${child.exitCode}: ${shown.slice(-1500)}`);
  return shown;
}
