/** What a fault is narrowed to. Everything that is given must hold. */
export interface FaultMatch {
  readonly to?: string;
  readonly from?: string;
  /** The text contains this. */
  readonly containing?: string;
  /** The status that a receipt reports, or the event of a call's webhook. */
  readonly status?: string;
}

/** What a fault is compared with. */
export interface FaultSubject {
  readonly to?: string;
  readonly from?: string;
  readonly text?: string;
  readonly status?: string;
}

/** A place where faults can happen, and what can happen there. */
export interface FaultDefinition {
  readonly on: string;
  readonly kind: string;
  readonly match?: FaultMatch;
  /** How often it strikes; default 1, `Infinity` for ever. */
  readonly times?: number;
}

/** Those faults that can happen at one place. */
export type FaultAt<Fault extends FaultDefinition, Place extends string> = Fault &
  (Fault extends { readonly on: infer On } ? (Place extends On ? Fault : never) : never);

/** Faults that wait for their turn. */
export interface FaultPlan<Fault extends FaultDefinition> {
  /** Adds a fault behind those that are already there. */
  add(fault: Fault): void;
  /** Forgets all of them. */
  clear(): void;
  /** Those that have not struck as often as they should, in order. */
  readonly pending: readonly Fault[];
  /** The first fault for this place and subject, counted as struck. */
  strike<Place extends Fault['on']>(
    place: Place,
    subject: FaultSubject,
  ): FaultAt<Fault, Place> | undefined;
}

const maxPendingCount = 1_000;

/** Makes an empty plan. */
export function createFaultPlan<Fault extends FaultDefinition>(): FaultPlan<Fault> {
  const waiting: { readonly fault: Fault; left: number }[] = [];
  return {
    add(fault) {
      const times = fault.times ?? 1;
      if (!(times >= 1)) throw new RangeError(`a fault strikes at least once, not ${times} times`);
      if (waiting.length >= maxPendingCount) {
        throw new RangeError(`more than ${maxPendingCount} faults are pending; clear them first`);
      }
      waiting.push({ fault, left: times });
    },
    clear() {
      waiting.length = 0;
    },
    get pending() {
      return waiting.map(({ fault }) => fault);
    },
    strike(place, subject) {
      for (const [index, entry] of waiting.entries()) {
        if (!isAt(entry.fault, place) || !matches(entry.fault.match, subject)) continue;
        entry.left -= 1;
        if (entry.left <= 0) waiting.splice(index, 1);
        return entry.fault;
      }
      return undefined;
    },
  };
}

function isAt<Fault extends FaultDefinition, Place extends Fault['on']>(
  fault: Fault,
  place: Place,
): fault is FaultAt<Fault, Place> {
  return fault.on === place;
}

function matches(match: FaultMatch | undefined, subject: FaultSubject): boolean {
  if (match === undefined) return true;
  return (
    (match.to === undefined || match.to === subject.to) &&
    (match.from === undefined || match.from === subject.from) &&
    (match.status === undefined || match.status === subject.status) &&
    (match.containing === undefined || (subject.text ?? '').includes(match.containing))
  );
}
