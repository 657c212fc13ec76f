import { copyFile, readFile, stat, writeFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { answersTo, inTrouble } from './trouble.testing.ts';
import { ourNumber } from './scene.testing.ts';

const timeoutMs = 30_000;
const dayMs = 24 * 3_600_000;

describe('a server that cannot store', () => {
  it(
    'asks the carrier to come again while the disk is full, and goes on when it is not',
    () =>
      inTrouble(async ({ text, sql, handled, scene }) => {
        expect(await text('before')).toBe(200);
        await handled();
        await sql('PRAGMA wal_checkpoint(TRUNCATE)');
        await sql('PRAGMA max_page_count = 1');
        // What still fits into pages that are there is stored, and only that is acknowledged.
        const long = 'x'.repeat(6000);
        const refused = await scene.sim.text({
          from: '+15550100123',
          to: ourNumber,
          text: `meanwhile ${long}`,
        });
        expect([...new Set(answersTo(refused))]).toEqual([503]);
        expect(await healthOf(scene.origin)).toBe(200);
        await sql('PRAGMA max_page_count = 1000000');
        const again = await scene.sim.redeliver(refused);
        expect(again.status).toBe(200);
        expect(await text('after')).toBe(200);
        expect(await handled()).toEqual(['before', 'meanwhile', 'after']);
      }),
    timeoutMs,
  );

  it(
    'asks the carrier to come again while the file may not be written',
    () =>
      inTrouble(async ({ text, sql, handled, scene }) => {
        await sql('PRAGMA query_only = ON');
        const refused = await scene.sim.text({
          from: '+15550100123',
          to: ourNumber,
          text: 'meanwhile',
        });
        expect([...new Set(answersTo(refused))]).toEqual([503]);
        await sql('PRAGMA query_only = OFF');
        expect((await scene.sim.redeliver(refused)).status).toBe(200);
        expect(await text('after')).toBe(200);
        expect(await handled()).toEqual(['meanwhile', 'after']);
      }),
    timeoutMs,
  );

  it(
    'acknowledges nothing while the store is slower than the carrier is patient, and handles it once when it has come',
    () =>
      inTrouble(
        async ({ handled, scene }) => {
          const other = new DatabaseSync(scene.database);
          other.exec('BEGIN IMMEDIATE');
          const refused = await scene.sim.text({
            from: '+15550100123',
            to: ourNumber,
            text: 'patience',
          });
          expect([...new Set(answersTo(refused))]).toEqual(['read-timeout']);
          other.exec('COMMIT');
          other.close();
          expect((await scene.sim.redeliver(refused)).status).toBe(200);
          expect(await handled()).toEqual(['patience']);
        },
        { timing: { readTimeoutMs: 150 } },
      ),
    timeoutMs,
  );

  it(
    'says what is wrong with a damaged file, asks the carrier to come again, and runs on a copy',
    () =>
      inTrouble(async ({ text, sql, handled, scene, server }) => {
        expect(await text('before')).toBe(200);
        await handled();
        await sql('PRAGMA wal_checkpoint(TRUNCATE)');
        const copy = `${scene.database}.copy`;
        await copyFile(scene.database, copy);
        await spoil(scene.database);
        // What it has in memory is no longer believed once somebody else has written.
        await sql('PRAGMA shrink_memory');
        const refused = await scene.sim.text({
          from: '+15550100123',
          to: ourNumber,
          text: 'meanwhile',
        });
        expect([...new Set(answersTo(refused))]).toEqual([503]);
        expect(await healthOf(scene.origin)).toBe(200);
        expect(await readFile(scene.log, 'utf8')).toContain('is damaged or is no database');
        await server.kill();

        await expect(scene.start()).rejects.toThrow('ended before');
        expect(await readFile(scene.log, 'utf8')).toContain('restore a copy');
        for (const suffix of ['-wal', '-shm']) await writeFile(scene.database + suffix, '');
        await copyFile(copy, scene.database);
        await scene.start();
        expect((await scene.sim.redeliver(refused)).status).toBe(200);
        expect(await handled()).toEqual(['before', 'meanwhile']);
      }),
    timeoutMs,
  );
});

describe('a server whose clock jumps', () => {
  it(
    'handles every text once, in order, and knows a duplicate again, in either direction',
    () =>
      inTrouble(async ({ handled, scene, server }) => {
        // Telnyx signs the time, so its webhooks are posted before the clock leaves the carrier's, or after it is back.
        const send = (name: string) =>
          scene.sim.text({ from: '+15550100123', to: ourNumber, text: name });
        const first = await send('first 300ms');
        await server.ask('clock', String(dayMs));
        expect(await handled()).toEqual(['first']);
        await server.ask('clock', String(-dayMs));
        await server.ask('clock', '0');
        const second = await send('second');
        await server.ask('clock', String(-dayMs));
        expect(second.acknowledged).toBe(true);
        expect(await handled()).toEqual(['first', 'second']);
        await server.ask('clock', '0');
        for (const delivery of [first, second]) {
          expect((await scene.sim.redeliver(delivery)).status).toBe(200);
        }
        expect(await handled()).toEqual(['first', 'second']);
      }),
    timeoutMs,
  );
});

async function healthOf(origin: string): Promise<number> {
  const { status } = await fetch(`${origin}/health`);
  return status;
}

/** Writes nonsense over every page. */
async function spoil(file: string): Promise<void> {
  const { size } = await stat(file);
  await writeFile(file, Buffer.alloc(size, 'nonsense'));
}
