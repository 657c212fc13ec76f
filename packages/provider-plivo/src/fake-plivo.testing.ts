import {
  type HttpRequest,
  type HttpTransport,
  type OutboundMessage,
  parseE164,
  TelephonyError,
  type WebhookRequest,
} from '@openclaw/telephony-core';
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

/** What a fake Plivo answers; a string body is sent as it is. */
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
      const { status = 202, headers = {}, body = queued } = answer;
      return {
        status,
        header: (name) => headers[name],
        text: () => Promise.resolve(typeof body === 'string' ? body : JSON.stringify(body)),
      };
    },
  };
}

/** A provider with the credentials of the tests. */
export function create(options: Partial<PlivoProviderOptions> = {}) {
  return createPlivoProvider({ authId, authToken, ...options });
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
