import type { CarrierErrorRow, TelephonyErrorCode } from '@openclaw/telephony-core';

/**
 * Plivo's error numbers for messages: number, our code, whether trying again later can help, meaning. Sorted by
 * number. Plivo gives them in receipts and when asked for a message, never in the answer to a request.
 */
export const errorRows: readonly CarrierErrorRow[] = [
  [10, 'content_rejected', false, 'a carrier found the message invalid'],
  [20, 'provider_unavailable', true, 'the network of the carrier had a problem'],
  [30, 'content_rejected', false, 'a carrier filtered the message as spam'],
  [40, 'sender_not_allowed', false, 'the sender is not a number of the account that can text'],
  [50, 'invalid_recipient', false, 'the recipient is not a number that can receive texts'],
  [60, 'content_rejected', false, 'the message is part of a loop between two automatic repliers'],
  [70, 'invalid_recipient', false, 'the recipient is not in service'],
  [80, 'invalid_recipient', true, 'the handset is switched off or unreachable'],
  [90, 'provider_unavailable', false, 'no carrier has a route to the recipient'],
  [100, 'unsupported', false, 'the network of the recipient does not take such messages'],
  [110, 'invalid_request', false, 'the text is too long'],
  [200, 'recipient_opted_out', false, 'the recipient has opted out with STOP'],
  [201, 'sender_not_allowed', false, 'a US toll-free number cannot text to Canada'],
  [300, 'provider_unavailable', true, 'Plivo could not hand the message to a carrier'],
  [420, 'limit_reached', true, 'the message waited longer than its message_expiry'],
  [450, 'permission_denied', false, 'texts to that country are not enabled on the account'],
  [900, 'account_blocked', false, 'the account has not enough credit'],
  [910, 'account_blocked', false, 'the account is disabled'],
  [1000, 'provider_unavailable', false, 'the carrier gave no reason'],
  [2403, 'network', true, 'our webhook refused a message or did not answer'],
];

/** What words in Plivo's sentence in a 400 are about. */
export type RefusalRow = readonly [words: RegExp, code: TelephonyErrorCode, meaning: string];

/**
 * What Plivo's sentence in a 400 is about. It has no number, so words have to do; the first row that fits counts.
 * They only choose the word for a refusal that is certain anyway.
 */
export const refusalRows: readonly RefusalRow[] = [
  [/\b(?:credits?|balance)\b/iu, 'account_blocked', 'the account has not enough credit'],
  [/\bopt(?:ed)?[ -]?out\b/iu, 'recipient_opted_out', 'the recipient has opted out'],
  // In capitals only: "stop" is a verb as well.
  [/\bSTOP\b/u, 'recipient_opted_out', 'the recipient has opted out'],
];

/** Which end the sentence is about, when no row above fits: the one of which a word comes first. */
export const partyRows: readonly RefusalRow[] = [
  [/\b(?:src|source|sender|powerpack)/iu, 'sender_not_allowed', 'the sender cannot be used'],
  [
    /\b(?:dst|destination|recipient)|not a valid phone number/iu,
    'invalid_recipient',
    'the recipient is not a number that can be texted',
  ],
];
