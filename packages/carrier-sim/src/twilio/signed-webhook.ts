import { signTwilioWebhook } from '@openclaw/webhook-verify/twilio';
import { randomUuid } from '../carrier/random-id.ts';
import type { WebhookMessage } from '../carrier/webhook-request.ts';
import type { SimContext } from './context.ts';

/**
 * Writes a webhook as Twilio sends it: a signed form, or a signed URL for `GET`.
 *
 * @param url as configured; its fragment is neither signed nor sent
 */
export function signedWebhook(
  { options, random }: SimContext,
  url: string,
  method: 'GET' | 'POST',
  parameters: URLSearchParams,
): WebhookMessage {
  const address = url.replace(/#.*$/u, '');
  const form = parameters.toString();
  const separator = address.includes('?') ? '&' : '?';
  const requested = method === 'GET' ? `${address}${separator}${form}` : address;
  const body = Buffer.from(method === 'GET' ? '' : form);
  const signed = signTwilioWebhook(
    { method, url: requested, headers: formHeaders(method), body },
    { authToken: options.authToken },
  );
  return {
    method,
    url: requested,
    headers: [
      ['User-Agent', 'TwilioProxy/1.1'],
      ['Accept', '*/*'],
      ...Object.entries(formHeaders(method)),
      ['I-Twilio-Idempotency-Token', randomUuid(random)],
      ['X-Home-Region', 'us1'],
      ['X-Twilio-Signature', signed['x-twilio-signature']],
      ['Connection', 'close'],
    ],
    body,
  };
}

function formHeaders(method: 'GET' | 'POST'): Readonly<Record<string, string>> {
  if (method === 'GET') return {};
  return { 'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8' };
}

/** The same webhook with a signature that no configured token made. */
export function withForeignSignature(message: WebhookMessage): WebhookMessage {
  return {
    ...message,
    headers: message.headers.map(([name, value]) =>
      name === 'X-Twilio-Signature' ? [name, `${rotate(value.slice(0, -1))}=`] : [name, value],
    ),
  };
}

function rotate(base64: string): string {
  return `${base64.slice(1)}${base64.slice(0, 1)}`;
}
