import {
  type MessagingProvider,
  type OutboundMessage,
  type SendReceipt,
  TelephonyError,
} from '@openclaw/telephony-core';
import { reasonOf } from '../observe/logger.ts';
import type { OutboxItem } from './outbox-item.ts';
import { sendRef } from './send-progress.ts';

/** One request to the carrier; a provider that throws instead of rejecting is heard all the same. */
export async function requestSend(
  messaging: MessagingProvider,
  message: OutboundMessage,
): Promise<SendReceipt | TelephonyError> {
  try {
    return await messaging.send(message);
  } catch (error) {
    return asTelephonyError(error);
  }
}

/** One message of a send, as the carrier is asked to send it. Media go with the first. */
export function toMessage(
  { id, index, item }: { readonly id: string; readonly index: number; readonly item: OutboxItem },
  statusUrl: URL | undefined,
): OutboundMessage {
  const { to, from } = item;
  const text = item.messages[index]?.text ?? '';
  const statusCallback = statusUrl && new URL(`${statusUrl.href}/${sendRef(id, index)}`);
  const base = { to, from, ...(statusCallback === undefined ? {} : { statusCallback }) };
  const [first, ...rest] = index === 0 ? item.media.map((url) => new URL(url)) : [];
  return first === undefined ? { ...base, text } : { ...base, text, media: [first, ...rest] };
}

/** Whatever a provider throws against the contract may have happened after the request left. */
function asTelephonyError(error: unknown): TelephonyError {
  if (TelephonyError.isInstance(error)) return error;
  return new TelephonyError('malformed_response', reasonOf(error), { outcome: 'unknown' });
}
