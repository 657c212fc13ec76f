import type { IncomingMessage } from 'node:http';
import { type Refusal, refusal } from './refusal.ts';

/** A place among the requests whose bodies are being read. */
export interface Place {
  /** How the read is ended from outside; set by whoever reads. */
  cut?: () => void;
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
}

/** A place with what is needed to choose the one that gives way. */
interface HeldPlace extends Place {
  readonly peer: string;
}

/**
 * Makes the admission. When every place is taken, the read that has lasted longest gives way to the newcomer: a genuine
 * body comes right behind its headers, so what is still being read when so many others have come is a body that
 * dawdles, and a flood of those cannot lock anybody out. Suspects have a few places of their own, and take none from others.
 */
export function createAdmission(options: AdmissionOptions): Admission {
  const { maxReads = 64, maxReadsPerPeer = 8, maxSuspectReads = 16 } = options;
  const requiredHeaders = options.requiredHeaders.map((oneOf) =>
    oneOf.map((name) => name.toLowerCase()),
  );
  // In the order in which they were taken.
  const regular = new Set<HeldPlace>();
  const suspects = new Set<HeldPlace>();

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
        leave() {
          if (!hasLeft) places.delete(place);
          hasLeft = true;
        },
      };
      places.add(place);
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
  slowest.cut();
  return true;
}
