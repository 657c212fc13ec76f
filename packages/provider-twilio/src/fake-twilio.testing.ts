import {
  type HttpRequest,
  type HttpTransport,
  type OutboundMessage,
  parseE164,
  TelephonyError,
  type WebhookRequest,
} from '@openclaw/telephony-core';
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

/** What a fake Twilio answers; a string body is sent as it is. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

/** A transport that answers the same to everything, and keeps what it was asked. */
export function answering(answer: Answer | (() => Promise<never>)): {
  readonly transport: HttpTransport;
  readonly requests: HttpRequest[];
} {
  const requests: HttpRequest[] = [];
  return {
    requests,
    transport: async (request) => {
      requests.push(request);
      if (typeof answer === 'function') return answer();
      const { status = 201, headers = {}, body = { sid: messageSid, status: 'queued' } } = answer;
      return {
        status,
        header: (name) => headers[name],
        text: () => Promise.resolve(typeof body === 'string' ? body : JSON.stringify(body)),
      };
    },
  };
}

/** A provider with the credentials of the tests. */
export function create(options: Partial<TwilioProviderOptions> = {}) {
  return createTwilioProvider({ accountSid, authToken, ...options });
}

/** The error that the work fails with. */
export async function failureOf(work: Promise<unknown>): Promise<TelephonyError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof TelephonyError) return error;
  throw new Error('expected a TelephonyError');
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
