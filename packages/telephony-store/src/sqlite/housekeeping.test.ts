import { describe, expect, it } from 'vitest';
import { createTestClock } from '../test-clock.testing.ts';
import { createHousekeeping } from './housekeeping.ts';
import { openDatabase } from './open-database.ts';
import { numberIn } from './row.ts';
import { createTestFolder } from './test-folder.testing.ts';

const folder = createTestFolder();

function open(): {
  readonly clock: ReturnType<typeof createTestClock>;
  readonly add: (count: number, lifeMs: number) => void;
  readonly left: () => number;
  readonly purge: (operationCount?: number) => number;
} {
  const database = openDatabase(folder.newFile());
  const clock = createTestClock();
  const nowMs = (): number => clock.now().getTime();
  const insert = database.prepare(
    "INSERT INTO done (seq, queue, id, expires_at) VALUES (?, 'texts', ?, ?)",
  );
  const count = database.prepare('SELECT COUNT(*) AS count FROM done');
  const housekeeping = createHousekeeping(database, nowMs);
  let seq = 0;
  return {
    clock,
    add(rowCount, lifeMs) {
      for (let added = 0; added < rowCount; added += 1) {
        seq += 1;
        insert.run(seq, `id ${seq}`, nowMs() + lifeMs);
      }
    },
    left: () => numberIn(count.get() ?? {}, 'count'),
    purge: (operationCount = 1) => housekeeping.purge(operationCount).length,
  };
}

describe('housekeeping', () => {
  it('deletes twice as much as is added, and goes on as long as something is left', () => {
    const { clock, add, left, purge } = open();
    add(25, 1);
    clock.advance(1);
    expect([purge(), purge(), purge()]).toEqual([10, 10, 5]);
    expect(left()).toBe(0);
  });
  it('rests for a second once nothing is left, and then looks again', () => {
    const { clock, add, left, purge } = open();
    expect(purge()).toBe(0);
    add(3, 1);
    clock.advance(999);
    expect(purge()).toBe(0);
    expect(left()).toBe(3);
    clock.advance(1);
    expect(purge()).toBe(3);
  });
  it('does not rest longer because the clock was set back', () => {
    const { clock, add, purge } = open();
    expect(purge()).toBe(0);
    clock.advance(-3_600_000);
    add(3, -1);
    expect(purge()).toBe(3);
  });
});
