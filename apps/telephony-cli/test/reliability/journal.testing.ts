import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** One line of the agent's journal. */
export interface JournalLine {
  readonly what: string;
  /** The first word of the text. */
  readonly name: string;
  /** The id of the answer. */
  readonly id?: string;
}

/** Reads what the agent did, over all its lives. */
export function readJournal(file: string): readonly JournalLine[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map(toLine);
}

function toLine(line: string): JournalLine {
  const [what = '', name = '', id] = line.split(' ');
  return id === undefined ? { what, name } : { what, name, id };
}

/** Starts with an empty page, so that a test sees the file even when nothing was written. */
export function emptyJournal(file: string): void {
  writeFileSync(file, '', { mode: 0o600 });
}
