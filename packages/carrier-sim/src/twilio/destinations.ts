import type { MagicNumbers } from '../carrier/carrier-sim.ts';
import { magicFarEnds } from '../carrier/far-end.ts';
import type { DeliveryOutcome } from '../carrier/message.ts';
import type { TwilioMessageStatus } from './message.ts';

/**
 * Recipients for which sending fails at once: Twilio's own magic numbers, which its test credentials know.
 */
const refusedRecipients: ReadonlyMap<string, number> = new Map([
  ['+15005550001', 21_211],
  ['+15005550002', 21_612],
  ['+15005550003', 21_408],
  ['+15005550004', 21_610],
  ['+15005550009', 21_614],
]);

/** Senders for which sending fails at once: Twilio's own magic numbers. */
const refusedSenders: ReadonlyMap<string, number> = new Map([
  ['+15005550001', 21_212],
  ['+15005550007', 21_606],
  ['+15005550008', 21_611],
]);

/** Whom calling fails at once: Twilio's own magic numbers. */
const refusedCallees: ReadonlyMap<string, number> = new Map([
  ['+15005550001', 21_217],
  ['+15005550002', 21_214],
  ['+15005550003', 21_215],
  ['+15005550004', 21_216],
]);

/** The error number of a magic recipient of a call. */
export function refusalOfCallee(to: string): number | undefined {
  return refusedCallees.get(to);
}

/** The error number of a magic caller. */
export function refusalOfCaller(from: string): number | undefined {
  return from === '+15005550001' ? 21_212 : undefined;
}

/** Twilio's magic sender that always works. */
export const magicSender = '+15005550006';

/** The error number of a magic recipient. */
export function refusalOfRecipient(to: string): number | undefined {
  return refusedRecipients.get(to);
}

/** The error number of a magic sender. */
export function refusalOfSender(from: string): number | undefined {
  return refusedSenders.get(from);
}

/**
 * What becomes of a message, by its recipient: the simulator's own ranges, beside Twilio's magic ones.
 *
 * `+15005551xxx` ends as `undelivered` with error 30xxx (`+15005551003`: 30003), `+15005552xxx` as `failed` with error
 * 30xxx (`+15005552007`: 30007), `+15005553xxx` stays `sent`. Every other number ends as `delivered`.
 */
export function outcomeFor(to: string): DeliveryOutcome<TwilioMessageStatus> {
  const match = /\+1500555([123])(\d{3})$/u.exec(to);
  if (match === null) return { status: 'delivered' };
  const errorCode = 30_000 + Number(match[2]);
  if (match[1] === '1') return { status: 'undelivered', errorCode };
  return match[1] === '2' ? { status: 'failed', errorCode } : { status: 'sent' };
}

/** One recipient of each kind. */
export const magicNumbers: MagicNumbers = {
  invalid: '+15005550001',
  optedOut: '+15005550004',
  unreachable: { number: '+15005551003', status: 'undelivered', errorCode: 30_003 },
  filtered: { number: '+15005552007', status: 'failed', errorCode: 30_007 },
  silent: '+15005553000',
  calls: magicFarEnds,
};
