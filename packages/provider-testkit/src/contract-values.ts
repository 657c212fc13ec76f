import { parseE164 } from '@openclaw/telephony-core';

const pictureUrl: URL = new URL('https://media.example.com/canary-picture.png');
const statusCallbackUrl: URL = new URL('https://sms.example.com/telephony/status');

/**
 * The values that every scenario uses, so that a fixture can be written before the kit runs it.
 *
 * Fixtures put them where the carrier would: an error reply that repeats the recipient's number shows whether the
 * provider lets it out again. None belongs to a person: the numbers are reserved for fiction, the hosts for examples.
 *
 * @example
 * const body = `{"code":21211,"message":"'To' ${contractValues.person} is not a valid phone number"}`;
 */
export const contractValues = {
  /** Whoever we write to, and who writes to us. */
  person: parseE164('+15550100123'),
  /** Our own number. */
  ownNumber: parseE164('+15550100100'),
  /** What is sent and received. Its characters are those that a wrong encoding breaks. */
  text: 'canary-text-5c1e: tea & cake at 5? 100% = yes + no; "é"',
  /** A text with an emoji of several code points. */
  emojiText: 'canary-text-5c1e: on my way 👍🏽🐦‍🔥',
  /** The whole text of a message that opts out. */
  stopText: 'STOP',
  /** A short code that writes to us. */
  shortCode: '55555',
  /** A sender name that writes to us. */
  senderName: 'MyBank',
  /** A picture that we send. */
  pictureUrl,
  /** Where we want receipts for one message. */
  statusCallbackUrl,
  /** Where webhooks arrive: no query, no port, nothing to escape. */
  webhookUrl: 'https://sms.example.com/telephony/webhook',
  /** A word that no carrier has for a status. */
  unknownStatus: 'teleported',
  /** The time on the stage's clock. Webhooks are signed and received now, unless a scenario says otherwise. */
  now: new Date('2026-11-20T12:00:00Z'),
} as const;

/** A part of every text of {@link contractValues} that nothing else contains. */
export const textCanary = 'canary-text-5c1e';
