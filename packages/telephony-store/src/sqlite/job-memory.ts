import type { DatabaseSync } from 'node:sqlite';
import { LaneBook, type LiveJob } from './lane-book.ts';
import { numberIn, type Row, textIn } from './row.ts';
import { jobState } from './schema.ts';
import { SeenIds } from './seen-ids.ts';

/** A row that was just added to the table. */
export interface AddedJob extends LiveJob {
  readonly queue: string;
  readonly id: string;
}

/**
 * What this process knows of the tables of jobs, so that it need not keep indexes of them in the file: which ids they hold,
 * and the lanes of the queues that it runs. Read when first needed, then kept in step with every write of our own, and
 * with those of other processes whenever it is asked.
 */
export interface JobMemory {
  /** From the next transaction on, the ids are known. Reads all of them the first time. Not inside a transaction. */
  needIds(): void;
  /** Where an id may stand. Inside a transaction, and after {@link needIds}, it leaves out nothing. */
  placesOf(queue: string, id: string): readonly number[];
  /** The lanes of a queue, if they are known; with what others have added. Not inside a transaction. */
  lanesNow(queue: string): LaneBook | undefined;
  /** The lanes of a queue, read from the table if need be. Inside a transaction. */
  lanesOf(queue: string): LaneBook;
  /** The same if they are known already, for who only keeps them in step. */
  knownLanesOf(queue: string): LaneBook | undefined;
  forgetLanes(queue: string): void;
  /** To be told of a row as soon as it is written, before the commit. */
  added(job: AddedJob): void;
  /** To be told of ids whose rows are gone for good, after the commit. */
  gone(rows: readonly Row[]): void;
  /** A transaction has begun, and nothing is written yet. */
  begun(): void;
  /** What was written since {@link begun}, or some of it, was undone. */
  undone(): void;
}

export function createJobMemory(database: DatabaseSync): JobMemory {
  const liveColumns = 'seq, queue, id, lane, not_before, decided_at, added_at, state';
  const sql = {
    version: database.prepare('PRAGMA data_version'),
    highest: database.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'jobs'"),
    ids: database.prepare(
      'SELECT seq, queue, id FROM jobs UNION ALL SELECT seq, queue, id FROM done',
    ),
    live: database.prepare(
      `SELECT ${liveColumns} FROM jobs WHERE queue = ? AND state <= ${jobState.running} ORDER BY seq`,
    ),
    newJobs: database.prepare(`SELECT ${liveColumns} FROM jobs WHERE seq > ? ORDER BY seq`),
    newDone: database.prepare('SELECT seq, queue, id FROM done WHERE seq > ?'),
  };
  const lanes = new Map<string, LaneBook>();
  let ids: SeenIds | undefined;
  /** All rows up to this place are known: their ids if we keep ids, and their lanes if we keep those. */
  let upTo = 0;
  let committedUpTo = 0;
  let version: number | undefined;
  /** With so many ids they are read again if others write: nobody tells us which rows those have deleted. */
  let readAgainAt = Infinity;
  let othersWrite = false;

  /** Takes in what others have committed since we last looked. */
  function catchUp(): void {
    if (ids === undefined && lanes.size === 0) return;
    const versionNow = dataVersion();
    if (versionNow === version) return;
    othersWrite = true;
    const above = upTo;
    for (const row of sql.newJobs.all(above)) {
      const queue = textIn(row, 'queue');
      ids?.add(queue, textIn(row, 'id'), numberIn(row, 'seq'));
      if (numberIn(row, 'state') <= jobState.running) lanes.get(queue)?.append(toLiveJob(row));
      upTo = numberIn(row, 'seq');
    }
    for (const row of sql.newDone.all(above)) {
      const place = numberIn(row, 'seq');
      ids?.add(textIn(row, 'queue'), textIn(row, 'id'), place);
      upTo = Math.max(upTo, place);
    }
    version = versionNow;
  }

  /** Begins to remember: from here on only what is new has to be read. */
  function startHere(): void {
    if (ids !== undefined || lanes.size > 0) return;
    version = dataVersion();
    upTo = highestPlace();
  }

  function highestPlace(): number {
    const row = sql.highest.get();
    return row === undefined ? 0 : numberIn(row, 'seq');
  }

  function dataVersion(): number {
    const row = sql.version.get();
    return row === undefined ? 0 : numberIn(row, 'data_version');
  }

  function readIds(): void {
    startHere();
    const read = new SeenIds();
    for (const row of sql.ids.iterate()) {
      read.add(textIn(row, 'queue'), textIn(row, 'id'), numberIn(row, 'seq'));
    }
    ids = read;
    readAgainAt = 2 * read.count + 65_536;
    othersWrite = false;
  }

  return {
    needIds() {
      // Before the transaction, which would keep every other process waiting for as long as it takes to read them.
      if (ids === undefined || (othersWrite && ids.count >= readAgainAt)) readIds();
    },
    placesOf: (queue, id) => ids?.placesOf(queue, id) ?? [],
    lanesNow(queue) {
      if (lanes.has(queue)) catchUp();
      return lanes.get(queue);
    },
    lanesOf(queue) {
      const known = lanes.get(queue);
      if (known !== undefined) return known;
      const read = new LaneBook();
      startHere();
      for (const row of sql.live.iterate(queue)) read.append(toLiveJob(row));
      lanes.set(queue, read);
      // What was read is known, also what this transaction wrote before some of it was undone.
      upTo = highestPlace();
      return read;
    },
    knownLanesOf: (queue) => lanes.get(queue),
    forgetLanes: (queue) => void lanes.delete(queue),
    added(job) {
      ids?.add(job.queue, job.id, job.seq);
      lanes.get(job.queue)?.append(job);
      upTo = job.seq;
    },
    gone(rows) {
      for (const row of rows) {
        ids?.remove(textIn(row, 'queue'), textIn(row, 'id'), numberIn(row, 'seq'));
      }
    },
    begun() {
      catchUp();
      committedUpTo = upTo;
    },
    undone() {
      // Their numbers will be given again. The ids may stay: the row decides, and it is not there.
      upTo = committedUpTo;
      lanes.clear();
    },
  };
}

const toLiveJob = (row: Row): LiveJob => ({
  seq: numberIn(row, 'seq'),
  lane: textIn(row, 'lane'),
  notBeforeMs: numberIn(row, 'not_before'),
  decidedAtMs: numberIn(row, 'decided_at'),
  addedAtMs: numberIn(row, 'added_at'),
  isRunning: numberIn(row, 'state') === jobState.running,
});
