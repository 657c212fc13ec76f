import type { StatementSync } from 'node:sqlite';
import { assertLimit, assertStorable, expiryOf } from '../argument-rules.ts';
import { compareCodePoints } from '../code-point-order.ts';
import type { Entry, KeyValueStore } from '../key-value.ts';
import { bound } from './bound-limit.ts';
import { numberIn, type Row, textIn } from './row.ts';
import type { Session } from './session.ts';

const pageSize = 100;

export function createSqliteKeyValue({ database, nowMs, read, write }: Session): KeyValueStore {
  const live = '(expires_at IS NULL OR expires_at > ?)';
  const sql = {
    get: database.prepare(`SELECT key, value, version FROM entries WHERE key = ? AND ${live}`),
    version: database.prepare(`SELECT version FROM entries WHERE key = ? AND ${live}`),
    set: database.prepare(
      'INSERT OR REPLACE INTO entries (key, value, expires_at) VALUES (?, ?, ?)',
    ),
    delete: database.prepare('DELETE FROM entries WHERE key = ?'),
    listFrom: database.prepare(
      `SELECT key, value, version FROM entries WHERE key >= ? AND ${live} ORDER BY key LIMIT ${bound('?')}`,
    ),
    listAfter: database.prepare(
      `SELECT key, value, version FROM entries WHERE key > ? AND ${live} ORDER BY key LIMIT ${bound('?')}`,
    ),
  };
  const versionOf = (key: string): string | undefined => {
    const row = sql.version.get(key, nowMs());
    return row === undefined ? undefined : String(numberIn(row, 'version'));
  };

  const readPage = (query: StatementSync, cursor: string, size: number): Entry[] =>
    read(() => query.all(cursor, nowMs(), size)).map(toEntry);

  return {
    async get(key) {
      assertStorable('a key', key);
      const row = read(() => sql.get.get(key, nowMs()));
      return row === undefined ? undefined : toEntry(row);
    },
    async set(key, value, { ttlMs, ifVersion } = {}) {
      assertStorable('a key', key);
      assertStorable('a value', value);
      const expiresAtMs = expiryOf(nowMs(), ttlMs) ?? null;
      return write(() => {
        if (ifVersion !== undefined && ifVersion !== (versionOf(key) ?? 'absent')) return false;
        sql.set.run(key, value, expiresAtMs);
        return true;
      });
    },
    async delete(key, { ifVersion } = {}) {
      assertStorable('a key', key);
      return write(() => {
        const version = versionOf(key);
        if (version === undefined || (ifVersion !== undefined && ifVersion !== version)) {
          return false;
        }
        sql.delete.run(key);
        return true;
      });
    },
    async *list(prefix, { after, limit = Infinity } = {}) {
      assertStorable('a prefix', prefix);
      assertLimit(limit);
      let left = limit;
      let cursor = prefix;
      let query = sql.listFrom;
      if (after !== undefined && compareCodePoints(after, prefix) >= 0) {
        cursor = after;
        query = sql.listAfter;
      }
      while (left > 0) {
        const page = readPage(query, cursor, Math.min(pageSize, left));
        for (const entry of page) {
          if (!entry.key.startsWith(prefix)) return;
          yield entry;
          cursor = entry.key;
        }
        if (page.length < pageSize) return;
        query = sql.listAfter;
        left -= page.length;
      }
    },
  };
}

function toEntry(row: Row): Entry {
  return {
    key: textIn(row, 'key'),
    value: textIn(row, 'value'),
    version: String(numberIn(row, 'version')),
  };
}
