import {
  type ChannelAddress,
  type E164,
  isChannelAddress,
  isE164,
  isMessageAddress,
  isShortCode,
  type MessageAddress,
  type ShortCode,
  withoutRcs,
} from '@openclaw/telephony-core';

/**
 * Reads who wrote. Plivo leaves out the plus sign of a number that always has its country code, so it is put back on
 * 7 to 15 digits; what is shorter is a short code, what has letters a sender name.
 *
 * @param channel what Plivo calls the type of the message, in small letters: on any but `sms` and `mms`, also on one that
 *   Plivo adds later, a number is no telephone number to text to; only who writes over RCS can be texted, too
 */
export function readSender(value: string, channel: string): MessageAddress | undefined {
  const address = withoutRcs(written(value, channel));
  return isMessageAddress(address) ? address : undefined;
}

/** Reads our own end, in the same way. */
export function readOwnAddress(
  value: string,
  channel: string,
): E164 | ShortCode | ChannelAddress | undefined {
  const address = written(value, channel);
  return isE164(address) || isShortCode(address) || isChannelAddress(address) ? address : undefined;
}

/** Types whose numbers can be texted. A message without a type is a text. */
const texting: ReadonlySet<string> = new Set(['', 'sms', 'mms']);

function written(value: string, channel: string): string {
  const number = isE164(`+${value}`) ? `+${value}` : value;
  return texting.has(channel) || isChannelAddress(number) ? number : `${channel}:${number}`;
}
