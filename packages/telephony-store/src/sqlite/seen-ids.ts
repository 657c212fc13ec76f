/** Slots are free, taken by a place, or left by one that was removed: a search goes on beyond those. */
const free = 0;
const removed = -1;
const smallest = 1024;
const nowhere: readonly number[] = [];

/**
 * Remembers at which places of the table an id may stand, in 32 to 64 bytes an id, outside of the garbage collector's heap.
 *
 * It keeps a hash of each id and not the id: it may name a place that holds something else, so the row there decides. It
 * never leaves out a place that it was told. Ids come in no order, and an index of them in the file would change a
 * page of its own for nearly every text.
 */
export class SeenIds {
  #low = new Uint32Array(smallest);
  #high = new Uint32Array(smallest);
  #places = new Float64Array(smallest);
  /** Slots that are not free. */
  #usedCount = 0;
  #count = 0;
  /** The hash of the id that was asked about last: what is looked up is often added next. */
  #hashedQueue = '';
  #hashedId: string | undefined;
  #hashLow = 0;
  #hashHigh = 0;

  /** How many places are remembered. */
  get count(): number {
    return this.#count;
  }

  /** What it takes of the memory. */
  get byteLength(): number {
    return this.#low.byteLength + this.#high.byteLength + this.#places.byteLength;
  }

  /** @param place a whole number above 0; naming it twice is naming it once */
  add(queue: string, id: string, place: number): void {
    if (2 * (this.#usedCount + 1) > this.#places.length) this.#makeRoom();
    this.#hash(queue, id);
    this.#put(this.#hashLow, this.#hashHigh, place);
  }

  remove(queue: string, id: string, place: number): void {
    this.#hash(queue, id);
    const slot = this.#slotOf(this.#hashLow, this.#hashHigh, place);
    if (this.#places[slot] !== place) return;
    this.#places[slot] = removed;
    this.#count -= 1;
  }

  /** Where the id may stand; mostly nowhere, or at one place. */
  placesOf(queue: string, id: string): readonly number[] {
    this.#hash(queue, id);
    const [low, high] = [this.#hashLow, this.#hashHigh];
    const mask = this.#places.length - 1;
    let found: number[] | undefined;
    for (let slot = low & mask; ; slot = (slot + 1) & mask) {
      const place = this.#places[slot] ?? free;
      if (place === free) return found ?? nowhere;
      if (place !== removed && this.#low[slot] === low && this.#high[slot] === high) {
        (found ??= []).push(place);
      }
    }
  }

  #put(low: number, high: number, place: number): void {
    const slot = this.#slotOf(low, high, place);
    if (this.#places[slot] === place) return;
    this.#places[slot] = place;
    this.#low[slot] = low;
    this.#high[slot] = high;
    this.#usedCount += 1;
    this.#count += 1;
  }

  /** The slot that has it, or the free one where it would be put. */
  #slotOf(low: number, high: number, place: number): number {
    const mask = this.#places.length - 1;
    let slot = low & mask;
    for (;;) {
      const there = this.#places[slot] ?? free;
      if (there === free) return slot;
      if (there === place && this.#low[slot] === low && this.#high[slot] === high) return slot;
      slot = (slot + 1) & mask;
    }
  }

  /** Twice as much room, or the same without what was removed. */
  #makeRoom(): void {
    const [lows, highs, places] = [this.#low, this.#high, this.#places];
    const size = 4 * (this.#count + 1) > places.length ? 2 * places.length : places.length;
    this.#low = new Uint32Array(size);
    this.#high = new Uint32Array(size);
    this.#places = new Float64Array(size);
    this.#usedCount = 0;
    this.#count = 0;
    for (let slot = 0; slot < places.length; slot += 1) {
      const place = places[slot] ?? free;
      if (place > free) this.#put(lows[slot] ?? 0, highs[slot] ?? 0, place);
    }
  }

  /** FNV-1a over the code units, twice in one pass, as two seeds make 64 bits. */
  #hash(queue: string, id: string): void {
    if (id === this.#hashedId && queue === this.#hashedQueue) return;
    let [low, high] = [0x811c9dc5, 0x2f0b4a27];
    for (let at = 0; at < queue.length; at += 1) {
      const unit = queue.charCodeAt(at);
      low = Math.imul(low ^ unit, prime);
      high = Math.imul(high ^ unit, prime);
    }
    // What parts the two cannot stand in either.
    low = Math.imul(low ^ 0x1_0000, prime);
    high = Math.imul(high ^ 0x1_0000, prime);
    for (let at = 0; at < id.length; at += 1) {
      const unit = id.charCodeAt(at);
      low = Math.imul(low ^ unit, prime);
      high = Math.imul(high ^ unit, prime);
    }
    this.#hashedQueue = queue;
    this.#hashedId = id;
    this.#hashLow = mixed(low);
    this.#hashHigh = mixed(high);
  }
}

const prime = 0x01000193;

/** FNV leaves the low bits alike for texts that differ only at their end. */
function mixed(hash: number): number {
  let value = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
