import { createFakeTransport, type FakeReply } from '@openclaw/provider-testkit';
import { type OutboundMessage, parseE164, type WebhookRequest } from '@openclaw/telephony-core';
import { signPlivoV2Webhook, signPlivoV3Webhook } from '@openclaw/webhook-verify/plivo';
import { createPlivoProvider, type PlivoProviderOptions } from './provider.ts';

export const authId = 'MAXXXXXXXXXXXXXXXXXX';
export const authToken = 'canary-auth-token';
export const messageUuid = '5b40a428-bfc7-4daf-9d06-726c558bf3b8';
export const powerpackUuid = '86bbb125-97bb-4d72-89fd-81d5c515b015';
export const ourNumber = parseE164('+15550100100');
export const theirNumber = parseE164('+15550100123');
export const hello = {
  to: theirNumber,
  from: { kind: 'number', address: ourNumber } as const,
  text: 'canary text',
} satisfies OutboundMessage;
const queued = {
  api_id: 'db342550-7c5d-11e8-842f-0ed5f89f718b',
  message: 'message(s) queued',
  message_uuid: [messageUuid],
};

/** A transport that answers the same to everything; what is left out is Plivo’s answer to a message that it accepts. */
export const answering = (reply: FakeReply | (() => Promise<FakeReply>)) =>
  createFakeTransport(reply, { status: 202, body: queued });

/** A provider with the credentials of the tests. */
export function create(options: Partial<PlivoProviderOptions> = {}) {
  return createPlivoProvider({ authId, authToken, ...options });
}

/** How a form is signed. */
export interface Signing {
  readonly secret?: string;
  /** Fills the `Ma` header as well. */
  readonly mainSecret?: string;
  readonly version?: 'v2' | 'v3';
  readonly method?: 'GET' | 'POST';
}

/** A signed form as Plivo posts it. */
export function signedForm(
  fields: Record<string, string> | [string, string][],
  { secret = authToken, mainSecret, version = 'v3', method = 'POST' }: Signing = {},
): WebhookRequest {
  const form = new URLSearchParams(fields).toString();
  const url = `https://sms.example.com/telephony/webhook${method === 'GET' ? `?${form}` : ''}`;
  const body = method === 'GET' ? '' : form;
  const sign = version === 'v3' ? signPlivoV3Webhook : signPlivoV2Webhook;
  const signature = sign(
    { method, url, headers: {}, body },
    {
      authToken: secret,
      nonce: '05429567804466091622',
      ...(mainSecret === undefined ? {} : { mainAuthToken: mainSecret }),
    },
  );
  return {
    method,
    url,
    headers: new Headers({ 'content-type': 'application/x-www-form-urlencoded', ...signature }),
    body: new TextEncoder().encode(body),
    receivedAt: new Date(0),
  };
}
