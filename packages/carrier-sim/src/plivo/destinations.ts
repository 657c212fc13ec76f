import type { MagicNumbers } from '../carrier/carrier-sim.ts';
import { magicFarEnds } from '../carrier/far-end.ts';
import type { DeliveryOutcome } from '../carrier/message.ts';
import type { PlivoMessageStatus } from './message.ts';

/** A recipient that Plivo lists under `invalid_number`: the simulator's own, Plivo has no magic numbers. */
export const invalidRecipient = '+15005550001';
const optedOutRecipient = '+15005550004';

/**
 * What becomes of a message, by its recipient.
 *
 * `+15005551xxx` ends as `undelivered` with error xxx (`+15005551080`: 80), `+15005552xxx` as `failed` with error xxx
 * (`+15005552030`: 30; 000 is 1000), `+15005553xxx` stays `sent`, `+15005550004` fails with 200, STOP. Every other number
 * ends as `delivered`.
 */
export function outcomeFor(to: string): DeliveryOutcome<PlivoMessageStatus> {
  if (to === optedOutRecipient) return { status: 'failed', errorCode: 200 };
  const [, kind, digits] = /^\+1500555([123])(\d{3})$/u.exec(to) ?? [];
  const errorCode = Number(digits) || 1_000;
  if (kind === '1') return { status: 'undelivered', errorCode };
  if (kind === '2') return { status: 'failed', errorCode };
  return { status: kind === '3' ? 'sent' : 'delivered' };
}

/** One recipient of each kind. */
export const magicNumbers: MagicNumbers = {
  invalid: invalidRecipient,
  optedOut: optedOutRecipient,
  unreachable: { number: '+15005551080', status: 'undelivered', errorCode: 80 },
  filtered: { number: '+15005552030', status: 'failed', errorCode: 30 },
  silent: '+15005553000',
  calls: magicFarEnds,
};
