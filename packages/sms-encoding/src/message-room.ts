import { SmsEncodingError } from './errors.ts';
import { costOf, notGsm7 } from './septet-cost.ts';
import { segmentLimit } from './segment-limits.ts';
import type { MaxLength } from './split-options.ts';

/** What one separate message of one segment has room for, beside its number. */
export interface MessageRoom {
  /** In GSM-7, septets. */
  readonly septets: number;
  /** In GSM-7, UTF-16 code units. */
  readonly gsm7Length: number;
  /** In UCS-2, UTF-16 code units. */
  readonly ucs2Length: number;
}

// `[` and `]` are escaped characters: each costs one septet more than it has code units.
const escapesInNumber = 2;

/** The number in front of a separate message, `[3/12] `. */
export function formatNumber(number: number, count: number): string {
  return `[${number}/${count}] `;
}

/** The room of one message that begins with `numberLength` UTF-16 code units of numbering (0 for none). */
export function messageRoom(numberLength: number, maxLength: MaxLength): MessageRoom {
  const escapes = numberLength === 0 ? 0 : escapesInNumber;
  return checkRoom({
    septets: segmentLimit('gsm7').single - numberLength - escapes,
    gsm7Length: maxLength.gsm7 - numberLength,
    ucs2Length: Math.min(segmentLimit('ucs2').single, maxLength.ucs2) - numberLength,
  });
}

/** The room that is left beside `length` characters of GSM-7 at the end. */
export function shrinkRoom(room: MessageRoom, length: number): MessageRoom {
  return checkRoom({
    septets: room.septets - length,
    gsm7Length: room.gsm7Length - length,
    ucs2Length: room.ucs2Length - length,
  });
}

// Two units, so that a surrogate pair or an escape pair always fits.
const smallestUsableRoom = 2;

function checkRoom(room: MessageRoom): MessageRoom {
  // The UCS-2 room is never larger than the two others.
  if (room.ucs2Length >= smallestUsableRoom) return room;
  throw new SmsEncodingError(
    'invalid-option',
    'maxLength is too small: it leaves no room beside the numbering or the mark of a cut',
  );
}

/** How far a message that begins at `start` can reach, in the encoding that lets it reach furthest. */
export function furthestEnd(text: string, start: number, room: MessageRoom): number {
  const end = Math.min(text.length, start + room.gsm7Length);
  let septets = 0;
  for (let index = start; index < end; index++) {
    const cost = costOf(text.charCodeAt(index));
    if (cost === notGsm7) {
      // Either it stays out and the message is GSM-7, or it comes in and the message is UCS-2.
      return index - start >= room.ucs2Length
        ? index
        : Math.min(text.length, start + room.ucs2Length);
    }
    septets += cost;
    if (septets > room.septets) return index;
  }
  return end;
}

/** The mirror of `furthestEnd`: how early a message that ends at `end` can begin. */
export function earliestStart(text: string, end: number, room: MessageRoom): number {
  const start = Math.max(0, end - room.gsm7Length);
  let septets = 0;
  for (let index = end - 1; index >= start; index--) {
    const cost = costOf(text.charCodeAt(index));
    if (cost === notGsm7) {
      return end - index > room.ucs2Length ? index + 1 : Math.max(0, end - room.ucs2Length);
    }
    septets += cost;
    if (septets > room.septets) return index + 1;
  }
  return start;
}
