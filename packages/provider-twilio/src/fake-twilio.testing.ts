import { createFakeTransport, type FakeReply } from '@openclaw/provider-testkit';
import { type OutboundMessage, parseE164, type WebhookRequest } from '@openclaw/telephony-core';
import { signTwilioWebhook } from '@openclaw/webhook-verify/twilio';
import { createTwilioProvider, type TwilioProviderOptions } from './provider.ts';

export const accountSid = `AC${'0123456789abcdef'.repeat(2)}`;
export const authToken = 'canary-auth-token';
export const messageSid = `SM${'fedcba9876543210'.repeat(2)}`;
export const ourNumber = parseE164('+15550100100');
export const theirNumber = parseE164('+15550100123');
export const hello = {
  to: theirNumber,
  from: { kind: 'number', address: ourNumber } as const,
  text: 'canary text',
} satisfies OutboundMessage;

/** A transport that answers the same to everything; what is left out is Twilio’s answer to a message that it accepts. */
export const answering = (reply: FakeReply | (() => Promise<FakeReply>)) =>
  createFakeTransport(reply, { status: 201, body: { sid: messageSid, status: 'queued' } });

/** A provider with the credentials of the tests. */
export function create(options: Partial<TwilioProviderOptions> = {}) {
  return createTwilioProvider({ accountSid, authToken, ...options });
}

const url = 'https://sms.example.com/telephony/webhook';

/** A signed form as Twilio posts it. */
export function signedForm(
  fields: Record<string, string> | [string, string][],
  secret = authToken,
): WebhookRequest {
  const body = new URLSearchParams(fields).toString();
  const signature = signTwilioWebhook(
    { method: 'POST', url, headers: {}, body },
    { authToken: secret },
  );
  return {
    method: 'POST',
    url,
    headers: new Headers({ 'content-type': 'application/x-www-form-urlencoded', ...signature }),
    body: new TextEncoder().encode(body),
    receivedAt: new Date(0),
  };
}
