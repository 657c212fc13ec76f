import type { MagicNumbers } from '../carrier/carrier-sim.ts';
import { magicFarEnds } from '../carrier/far-end.ts';
import type { DeliveryOutcome } from '../carrier/message.ts';
import type { TelnyxMessageStatus } from './message.ts';

/** Recipients for which sending fails at once: the simulator's own, Telnyx has no magic numbers. */
const refusedRecipients: ReadonlyMap<string, number> = new Map([
  ['+15005550001', 40_310],
  ['+15005550004', 40_300],
  ['+15005550005', 40_333],
]);

/** The error number of a magic recipient. */
export function refusalOfRecipient(to: string): number | undefined {
  return refusedRecipients.get(to);
}

/**
 * What becomes of a message, by its recipient.
 *
 * `+15005551xxx` ends as `delivery_failed` with error 40xxx (`+15005551006`: 40006), `+15005552xxx` as `sending_failed`
 * with error 40xxx (`+15005552002`: 40002), `+15005553xxx` stays `sent`, `+15005554xxx` ends as `delivery_unconfirmed`.
 * Every other number ends as `delivered`.
 */
export function outcomeFor(to: string): DeliveryOutcome<TelnyxMessageStatus> {
  const [, kind, digits] = /^\+1500555([1-4])(\d{3})$/u.exec(to) ?? [];
  const errorCode = 40_000 + Number(digits);
  if (kind === '1') return { status: 'delivery_failed', errorCode };
  if (kind === '2') return { status: 'sending_failed', errorCode };
  if (kind === '3') return { status: 'sent' };
  return { status: kind === '4' ? 'delivery_unconfirmed' : 'delivered' };
}

/** One recipient of each kind. */
export const magicNumbers: MagicNumbers = {
  invalid: '+15005550001',
  optedOut: '+15005550004',
  unreachable: { number: '+15005551006', status: 'delivery_failed', errorCode: 40_006 },
  filtered: { number: '+15005552002', status: 'sending_failed', errorCode: 40_002 },
  silent: '+15005553000',
  calls: magicFarEnds,
};
