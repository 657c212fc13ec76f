import stringWidth from 'string-width';
import { styled, type Terminal } from './terminal.ts';

/** Rows as columns that stand below each other, also with wide characters. */
export function table(
  terminal: Terminal,
  header: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const widths = header.map((title, column) =>
    Math.max(...[title, ...rows.map((row) => row[column] ?? '')].map((cell) => stringWidth(cell))),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - stringWidth(cell)))
      .join('  ')
      .trimEnd();
  return [styled(terminal, 'dim', line(header)), ...rows.map(line)].join('\n');
}
