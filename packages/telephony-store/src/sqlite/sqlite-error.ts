import { StoreError, type StoreErrorCode } from '../store-error.ts';

/** Result codes of SQLite (sqlite.org/rescode.html); an extended code keeps the primary one in its low byte. */
const byResultCode: ReadonlyMap<number, StoreErrorCode> = new Map([
  [3, 'readonly'], // SQLITE_PERM
  [5, 'locked'], // SQLITE_BUSY
  [6, 'locked'], // SQLITE_LOCKED
  [8, 'readonly'], // SQLITE_READONLY
  [11, 'corrupt'], // SQLITE_CORRUPT
  [13, 'full'], // SQLITE_FULL
  [26, 'corrupt'], // SQLITE_NOTADB
]);

const advice: Readonly<Record<StoreErrorCode, string>> = {
  full: 'is on a full disk: free some space; nothing needs to be restarted',
  locked: 'is locked by another process: find out which one writes for so long, then try again',
  corrupt: 'is damaged or is no database: restore a copy, or move it away to begin anew',
  readonly: 'may not be written: give this user write permission on the file and its folder',
  closed: 'is closed: open it again',
  unavailable: 'cannot be used: check that its folder exists, is writable and is on a local disk',
};

function resultCodeOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode & 0xff : undefined;
}

export const isBusy = (error: unknown): boolean => resultCodeOf(error) === 5;

/** What SQLite threw, in the store's words; what it did not throw, as it is. */
export function toStoreError(error: unknown, path: string): unknown {
  const resultCode = resultCodeOf(error);
  if (resultCode === undefined) return error;
  const code = byResultCode.get(resultCode) ?? 'unavailable';
  return new StoreError(code, `the store ${path} ${advice[code]} (SQLite result ${resultCode})`, {
    cause: error,
  });
}
