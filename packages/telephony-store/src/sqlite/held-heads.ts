/** What a look for work found out about the heads of lanes that are not due. */
export interface HeldFindings {
  /** The place of the last one; 0 when there is none. */
  readonly upTo: number;
  /** When the first of them is due. */
  readonly dueAtMs: number;
  /** When it looked. */
  readonly asOfMs: number;
  /** What {@link HeldHeads.age} was then. */
  readonly age: number;
}

/**
 * Remembers that all heads of lanes up to a place are not due yet, so that the next look for work need not read them again.
 *
 * It forgets too much rather than too little: whatever may be undone is noted at once where it makes the next look read
 * more, and only after the commit where it makes it read less.
 */
export interface HeldHeads {
  /** Rises with every change of a head. */
  age(): number;
  /** Above which place to look at this time. */
  placeAt(nowMs: number): number;
  /** When the first of those below that place is due. */
  dueAtMs(): number;
  /** A job became a head, or may have become due. */
  changed(seq: number): void;
  /** A head waits, as was decided then, until then. */
  postponed(seq: number, decidedAtMs: number, notBeforeMs: number): void;
  /** After the commit: dropped when a head was changed since. */
  learn(findings: HeldFindings): void;
  forget(): void;
}

export function createHeldHeads(): HeldHeads {
  let upTo = 0;
  let dueAtMs = Infinity;
  let asOfMs = -Infinity;
  let age = 0;

  function forget(): void {
    age += 1;
    upTo = 0;
    dueAtMs = Infinity;
    asOfMs = -Infinity;
  }
  return {
    age: () => age,
    placeAt(nowMs) {
      // A clock that was set back makes due what was decided later than it reads now.
      if (nowMs < asOfMs || nowMs >= dueAtMs) forget();
      return upTo;
    },
    dueAtMs: () => dueAtMs,
    changed(seq) {
      age += 1;
      upTo = Math.min(upTo, seq - 1);
    },
    postponed(seq, decidedAtMs, notBeforeMs) {
      age += 1;
      if (seq > upTo) return;
      dueAtMs = Math.min(dueAtMs, notBeforeMs);
      asOfMs = Math.max(asOfMs, decidedAtMs);
    },
    learn(findings) {
      if (findings.age !== age || findings.upTo < upTo) return;
      ({ upTo, dueAtMs, asOfMs } = findings);
    },
    forget,
  };
}
