import type { Settlement } from '../queue/queue-driver.ts';
import type { QueueFigures } from '../work-queue.ts';
import { MinHeap } from './min-heap.ts';

/** What the book keeps of a live job. */
export interface LiveJob {
  /** Its place: what was added later has a higher one. */
  readonly seq: number;
  readonly lane: string;
  readonly notBeforeMs: number;
  /** When `notBeforeMs` was decided; 0 for what was added with it. */
  readonly decidedAtMs: number;
  readonly addedAtMs: number;
  readonly isRunning: boolean;
}

interface Entry {
  readonly seq: number;
  readonly lane: string;
  readonly addedAtMs: number;
  notBeforeMs: number;
  decidedAtMs: number;
  isRunning: boolean;
  next: Entry | undefined;
}

interface Lane {
  head: Entry;
  tail: Entry;
  count: number;
}

/**
 * The live jobs of one queue by lane, without their payloads, so that nothing in the file has to be kept in the order of
 * lanes: about 110 bytes a job. It is a copy of what the table says, and thrown away when the two may differ.
 */
export class LaneBook {
  readonly #lanes = new Map<string, Lane>();
  /** First jobs of lanes that were due when last looked at. */
  readonly #ready = new MinHeap<Entry>(({ seq }) => seq);
  readonly #held = new MinHeap<Entry>(({ notBeforeMs }) => notBeforeMs);
  #lookedAtMs = -Infinity;
  #liveCount = 0;
  #runningCount = 0;

  /** Jobs have to come in the order of their places. */
  append(job: LiveJob): void {
    const { seq, lane: name, notBeforeMs, decidedAtMs, addedAtMs, isRunning } = job;
    const entry: Entry = {
      seq,
      lane: name,
      addedAtMs,
      notBeforeMs,
      decidedAtMs,
      isRunning,
      next: undefined,
    };
    this.#liveCount += 1;
    if (entry.isRunning) this.#runningCount += 1;
    const lane = this.#lanes.get(job.lane);
    if (lane === undefined) {
      this.#lanes.set(job.lane, { head: entry, tail: entry, count: 1 });
      this.#wait(entry);
      return;
    }
    lane.tail.next = entry;
    lane.tail = entry;
    lane.count += 1;
  }

  /** The places of up to `limit` jobs that may run now, lowest first; from then on they are running. */
  take(limit: number, nowMs: number): readonly number[] {
    // A clock that was set back makes due what was decided later than it reads now.
    if (nowMs < this.#lookedAtMs) {
      for (const entry of this.#held.extract((one) => isDue(one, nowMs))) this.#ready.push(entry);
    }
    this.#lookedAtMs = nowMs;
    for (let first = this.#held.peek(); first !== undefined; first = this.#held.peek()) {
      if (first.notBeforeMs > nowMs) break;
      this.#held.pop();
      this.#ready.push(first);
    }
    const taken: number[] = [];
    while (taken.length < limit) {
      const entry = this.#ready.pop();
      if (entry === undefined) break;
      if (!isDue(entry, nowMs)) {
        this.#held.push(entry);
        continue;
      }
      entry.isRunning = true;
      this.#runningCount += 1;
      taken.push(entry.seq);
    }
    return taken;
  }

  /** When the first job that is not due will be; `undefined` when there is none. */
  nextDueAtMs(): number | undefined {
    return this.#held.peek()?.notBeforeMs;
  }

  /** What became of the running job of a lane. */
  settle(name: string, settlement: Settlement): void {
    const lane = this.#lanes.get(name);
    if (lane === undefined) return;
    const { head } = lane;
    this.#runningCount -= 1;
    if (settlement.to === 'waiting') {
      head.isRunning = false;
      head.notBeforeMs = settlement.notBeforeMs;
      head.decidedAtMs = settlement.decidedAtMs;
      this.#wait(head);
      return;
    }
    this.#liveCount -= 1;
    lane.count -= 1;
    if (head.next === undefined) {
      this.#lanes.delete(name);
      return;
    }
    lane.head = head.next;
    this.#wait(lane.head);
  }

  countLane(name: string): number {
    return this.#lanes.get(name)?.count ?? 0;
  }

  figures(nowMs: number): Omit<QueueFigures, 'dead'> {
    let oldestAtMs = nowMs;
    for (const { head } of this.#lanes.values()) {
      for (let entry: Entry | undefined = head; entry !== undefined; entry = entry.next) {
        if (!entry.isRunning) oldestAtMs = Math.min(oldestAtMs, entry.addedAtMs);
      }
    }
    return {
      waiting: this.#liveCount - this.#runningCount,
      running: this.#runningCount,
      oldestWaitingMs: nowMs - oldestAtMs,
    };
  }

  #wait(head: Entry): void {
    if (head.isRunning) return;
    // A clock that reads less than this was set back since.
    this.#lookedAtMs = Math.max(this.#lookedAtMs, head.decidedAtMs);
    (head.notBeforeMs <= 0 ? this.#ready : this.#held).push(head);
  }
}

const isDue = ({ notBeforeMs, decidedAtMs }: Entry, nowMs: number): boolean =>
  notBeforeMs <= nowMs || decidedAtMs > nowMs;
