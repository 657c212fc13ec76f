import { styleText } from 'node:util';

/** Where a command writes: a terminal, a pipe, or a test. */
export interface Terminal {
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  /** Data for programs instead of words for people. */
  readonly json: boolean;
}

type Style = Parameters<typeof styleText>[0];

/** Colours a word when the stream is a terminal that shows colours and `NO_COLOR` is not set. */
export function styled({ stdout }: Pick<Terminal, 'stdout'>, style: Style, text: string): string {
  return styleText(style, text, { stream: stdout });
}

/** Writes a line for people; says nothing under `--json`. */
export function say(terminal: Terminal, line: string): void {
  if (!terminal.json) terminal.stdout.write(`${line}\n`);
}

/** Writes one JSON value as a line; says nothing without `--json`. */
export function sayJson(terminal: Terminal, value: unknown): void {
  if (terminal.json) terminal.stdout.write(`${JSON.stringify(value)}\n`);
}

/** `1 segment`, `2 segments`. */
export const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;
