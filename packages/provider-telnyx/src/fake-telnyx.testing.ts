import {
  type HttpRequest,
  type HttpTransport,
  type OutboundMessage,
  parseE164,
  TelephonyError,
  type WebhookRequest,
} from '@openclaw/telephony-core';
import { signTelnyxWebhook } from '@openclaw/webhook-verify/telnyx';
import { createTelnyxProvider, type TelnyxProviderOptions } from './provider.ts';

/** Ed25519 keys of 32 equal bytes each: for tests, and for nothing else. */
export const keyPair = {
  privateKey: 'AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=',
  publicKey: 'iojj3XQJ8ZX9UtstPLpdcspnCb8dlBIb83SIAbQPb1w=',
};
export const nextKeyPair = {
  privateKey: 'AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=',
  publicKey: 'gTl3Dqh9F19Wo1Rmw0x+zMuNipG07jeiXfYPW4/Js5Q=',
};
export const otherPrivateKey = 'AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM=';
export const apiKey = 'KEY-canary-0123456789';
export const messageId = '40385f64-5717-4562-b3fc-2c963f66afa6';
export const profileId = '4000eba1-a0c0-4563-9925-b25e842a7cb6';
export const ourNumber = parseE164('+15550100100');
export const theirNumber = parseE164('+15550100123');
export const now = (): Date => new Date('2026-11-20T12:00:00Z');
export const hello = {
  to: theirNumber,
  from: { kind: 'number', address: ourNumber } as const,
  text: 'canary text',
} satisfies OutboundMessage;

/** What Telnyx answers to a message that it accepts, without what we do not read. */
export const accepted = {
  data: {
    record_type: 'message',
    direction: 'outbound',
    id: messageId,
    parts: 1,
    to: [{ phone_number: theirNumber, status: 'queued' }],
    errors: [],
  },
};

/** What a fake Telnyx answers; a string body is sent as it is. */
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
      const { status = 200, headers = {}, body = accepted } = answer;
      return {
        status,
        header: (name) => headers[name],
        text: () => Promise.resolve(typeof body === 'string' ? body : JSON.stringify(body)),
      };
    },
  };
}

/** A provider with the credentials of the tests, and with their clock. */
export function create(options: Partial<TelnyxProviderOptions> = {}) {
  return createTelnyxProvider({ apiKey, publicKey: keyPair.publicKey, now, ...options });
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

/** Signed JSON as Telnyx posts it; a string is sent as it is. */
export function signedJson(
  json: unknown,
  { privateKey = keyPair.privateKey, signedAt = now() } = {},
): WebhookRequest {
  const body = typeof json === 'string' ? json : JSON.stringify(json);
  const timestampSeconds = Math.floor(signedAt.getTime() / 1000);
  const signature = signTelnyxWebhook({ body }, { privateKey, timestampSeconds });
  return {
    method: 'POST',
    url: 'https://sms.example.com/telephony/webhook',
    headers: new Headers({ 'content-type': 'application/json', ...signature }),
    body: new TextEncoder().encode(body),
    receivedAt: new Date(0),
  };
}

/** What Telnyx puts around every event. */
export function envelope(
  event_type: string,
  payload: object,
  { id = 'bf6307bd-884d-4c1f-b6ea-c62b8c495d3c', attempt = 1 } = {},
) {
  return {
    data: {
      event_type,
      id,
      occurred_at: '2026-11-20T11:59:58.574+00:00',
      payload,
      record_type: 'event',
    },
    meta: { attempt, delivered_to: 'https://sms.example.com/telephony/webhook' },
  };
}
