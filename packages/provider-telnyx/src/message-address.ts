import { isJsonObject, type JsonObject, textIn } from '@openclaw/telephony-core';

/** The channel of a message when it is not the telephone network: `whatsapp`, `rcs`. */
export function channelOf(message: JsonObject): string | undefined {
  const type = textIn(message, 'type')?.toLowerCase();
  return type === 'sms' || type === 'mms' ? undefined : type;
}

/**
 * One end of a message: an object with a number (or, of an RCS agent, a name), or the number itself.
 *
 * On a channel other than the telephone network Telnyx writes the bare number, which must not be taken for one that
 * can be texted: it gets the channel as its prefix.
 */
export function addressAt(end: unknown, channel: string | undefined): string | undefined {
  const address = isJsonObject(end)
    ? (textIn(end, 'phone_number') ?? textIn(end, 'agent_id'))
    : end;
  if (typeof address !== 'string') return undefined;
  return channel === undefined || address.includes(':') ? address : `${channel}:${address}`;
}
