import type { WebhookMessage } from './webhook-request.ts';

/** The same webhook with one digit of its body changed; its signature stays, and so does not match any more. */
export function withOneByteChanged(message: WebhookMessage): WebhookMessage {
  const body = Uint8Array.from(message.body);
  const index = body.findLastIndex((byte) => byte >= 0x31 && byte <= 0x38);
  const byte = body[index];
  if (byte === undefined) throw new RangeError('the webhook has no body to change a digit of');
  body[index] = byte + 1;
  return { ...message, body };
}
