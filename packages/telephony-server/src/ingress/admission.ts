import type { IncomingMessage } from 'node:http';
import { type Refusal, refusal } from './refusal.ts';

/** Why a read is ended from outside: it lasted too long, or others needed its place. */
export type CutReason = 'too-slow' | 'crowded';

/** A place among the requests whose bodies are being read. */
export interface Place {
  /** How the read is ended from outside; set by whoever reads. */
  cut?: (reason: CutReason) => void;
  /** Gives the place back; a second time does nothing. */
  leave(): void;
}

/** Who asks for a place. */
export interface Visit {
  readonly peer: string;
  /** The peer speaks for many others, so that only the limit of all applies. */
  readonly isShared: boolean;
  /** The peer has spent its budget of failures. */
  readonly isSuspect: boolean;
}

/** Decides on headers alone whether a body will be read. */
export interface Admission {
  /** What a request is refused for whoever sends it; `undefined` when its body is worth reading. */
  judge(request: IncomingMessage): Refusal | undefined;
  /** A place, or what to answer without reading a byte of the body. */
  enter(visit: Visit): Place | Refusal;
}

/** What {@link createAdmission} takes. */
export interface AdmissionOptions {
  /** Of each inner list, one header must be there. */
  readonly requiredHeaders: readonly (readonly string[])[];
  /** Bodies read at once, in all; default 64. */
  readonly maxReads?: number;
  /** Bodies read at once for one peer address; default 8. */
  readonly maxReadsPerPeer?: number;
  /** Bodies read at once for all peers that have spent their budget of failures and speak for nobody else; default 16. */
  readonly maxSuspectReads?: number;
  /** How long one body may take; default 5 s. */
  readonly maxReadMs?: number;
}

/** A place with what is needed to choose the one that gives way. */
interface HeldPlace extends Place {
  readonly peer: string;
  /** By a clock that nobody sets. */
  readonly enteredAtMs: number;
}

/**
 * Makes the admission. When every place is taken, the read that has lasted longest gives way to the newcomer: a genuine
 * body comes right behind its headers, so what is still being read when so many others have come is a body that
 * dawdles, and a flood of those cannot lock anybody out. Suspects have a few places of their own, and take none from others.
 */
export function createAdmission(options: AdmissionOptions): Admission {
  const { maxReads = 64, maxReadsPerPeer = 8, maxSuspectReads = 16, maxReadMs = 5000 } = options;
  const requiredHeaders = options.requiredHeaders.map((oneOf) =>
    oneOf.map((name) => name.toLowerCase()),
  );
  // In the order in which they were taken.
  const regular = new Set<HeldPlace>();
  const suspects = new Set<HeldPlace>();
  let isWatched = false;

  /** One timer for all of them: one for each would cost as much as all else here. */
  function watch(afterMs: number): void {
    isWatched = true;
    setTimeout(() => {
      isWatched = false;
      const now = performance.now();
      const left = [...cutSlow(regular, now - maxReadMs), ...cutSlow(suspects, now - maxReadMs)];
      if (left.length > 0) watch(Math.min(...left) + maxReadMs - now);
    }, Math.ceil(afterMs)).unref();
  }

  return {
    judge({ method, headers }) {
      if (method !== 'POST') return refusal(405, 'only POST is answered here');
      const complete = requiredHeaders.every((oneOf) =>
        oneOf.some((name) => (headers[name] ?? '') !== ''),
      );
      return complete ? undefined : refusal(401, 'missing_header');
    },
    enter({ peer, isShared, isSuspect }) {
      // A peer that speaks for many is never a suspect: one forger would make suspects of all carriers behind it.
      const isApart = isSuspect && !isShared;
      const places = isApart ? suspects : regular;
      const mayStay =
        (isShared || makeRoom(places, maxReadsPerPeer, (held) => held.peer === peer)) &&
        makeRoom(places, isApart ? maxSuspectReads : maxReads, () => true);
      if (!mayStay) return refusal(429, 'too many at once', 1);
      let hasLeft = false;
      const place: HeldPlace = {
        peer,
        enteredAtMs: performance.now(),
        leave() {
          if (!hasLeft) places.delete(place);
          hasLeft = true;
        },
      };
      places.add(place);
      if (!isWatched) watch(maxReadMs);
      return place;
    },
  };
}

/** Ends the longest read among those that count, if there are too many of them; false when none can be ended. */
function makeRoom(
  places: Set<HeldPlace>,
  limit: number,
  counts: (held: HeldPlace) => boolean,
): boolean {
  if (places.size < limit) return true;
  let count = 0;
  let slowest: HeldPlace | undefined;
  for (const held of places) {
    if (!counts(held)) continue;
    count += 1;
    if (held.cut !== undefined) slowest ??= held;
  }
  if (count < limit) return true;
  if (slowest?.cut === undefined) return false;
  places.delete(slowest);
  slowest.cut('crowded');
  return true;
}

/** Ends the reads that began by then; returns when the next one began. */
function cutSlow(places: Set<HeldPlace>, enteredByMs: number): readonly number[] {
  for (const held of places) {
    if (held.enteredAtMs > enteredByMs) return [held.enteredAtMs];
    places.delete(held);
    held.cut?.('too-slow');
  }
  return [];
}
