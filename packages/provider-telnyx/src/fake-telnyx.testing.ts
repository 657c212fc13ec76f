import { createFakeTransport, type FakeReply } from '@openclaw/provider-testkit';
import { type OutboundMessage, parseE164, type WebhookRequest } from '@openclaw/telephony-core';
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

/** A transport that answers the same to everything; what is left out is Telnyx’s answer to a message that it accepts. */
export const answering = (reply: FakeReply | (() => Promise<FakeReply>)) =>
  createFakeTransport(reply, { body: accepted });

/** A provider with the credentials of the tests, and with their clock. */
export function create(options: Partial<TelnyxProviderOptions> = {}) {
  return createTelnyxProvider({ apiKey, publicKey: keyPair.publicKey, now, ...options });
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
