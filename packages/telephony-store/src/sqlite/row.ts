import type { SQLOutputValue } from 'node:sqlite';
import { StoreError } from '../store-error.ts';

export type Row = Record<string, SQLOutputValue>;

const unexpected = (column: string): StoreError =>
  new StoreError(
    'corrupt',
    `the store's column ${column} holds a value of another type: restore a copy of the file`,
  );

export function textIn(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw unexpected(column);
  return value;
}

export function numberIn(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw unexpected(column);
  return value;
}
