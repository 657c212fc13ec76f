// Loaded into a server's process before the program (--import): lets the parent make trouble in there, on the server's
// own connection to its database and with its clock. The program itself knows nothing of it.
import { createRequire, syncBuiltinESMExports } from 'node:module';
import type { DatabaseSync } from 'node:sqlite';
import { answerParent } from './parent-line.testing.ts';

// The module object of CommonJS is the one that can be changed; the import follows it.
const sqlite: { DatabaseSync: typeof DatabaseSync } = createRequire(import.meta.url)('node:sqlite');
const connections: DatabaseSync[] = [];
sqlite.DatabaseSync = class extends sqlite.DatabaseSync {
  constructor(...args: ConstructorParameters<typeof DatabaseSync>) {
    super(...args);
    connections.push(this);
  }
};
syncBuiltinESMExports();

/** Runs SQL on the connection to the store, which is the first that a server opens. */
answerParent('sql', (sql) => {
  const [store] = connections;
  if (store === undefined) throw new Error('the server has opened no database');
  return store.prepare(sql).all();
});

const RealDate = Date;
let aheadMs = 0;
globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget): Date =>
    Reflect.construct(target, args.length === 0 ? [target.now() + aheadMs] : args, newTarget),
  get: (target, name, receiver): unknown =>
    name === 'now' ? () => target.now() + aheadMs : Reflect.get(target, name, receiver),
});

/** Sets the clock so many milliseconds ahead of the machine's. */
answerParent('clock', (words) => {
  aheadMs = Number(words);
  return aheadMs;
});
