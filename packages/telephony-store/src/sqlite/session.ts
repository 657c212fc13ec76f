import type { DatabaseSync } from 'node:sqlite';
import type { GroupCommit } from './group-commit.ts';

/** An open database, and the two ways to use it. */
export interface Session {
  readonly database: DatabaseSync;
  readonly nowMs: () => number;
  /** Runs a read at once; throws what went wrong as a `StoreError`. */
  readonly read: <Result>(query: () => Result) => Result;
  readonly write: GroupCommit['write'];
}
