import {
  type CallOptions,
  createMediaDownload,
  type DeliveryStatus,
  type HttpResponse,
  isDeliveryStatus,
  isE164,
  isMessageAddress,
  isShortCode,
  type MessagingProvider,
  type OutboundMessage,
  outcomeOfStatus,
  parseRetryAfter,
  type ProviderWarning,
  TelephonyError,
  type TelephonyErrorCode,
  toTransportError,
} from '@openclaw/telephony-core';
import type { Stage } from './fixtures.ts';

/** The made-up carrier of the kit's own tests: JSON over HTTP, one API key, everything that the contract knows. */
export const pigeon = {
  id: 'pigeon',
  origin: 'https://api.pigeon.example.com',
  apiKey: 'pigeon-api-key',
} as const;

const codes: Readonly<Record<number, TelephonyErrorCode>> = {
  401: 'auth_failed',
  402: 'account_blocked',
  403: 'permission_denied',
  404: 'not_found',
  408: 'timeout',
  410: 'recipient_opted_out',
  418: 'sender_not_allowed',
  422: 'invalid_recipient',
  429: 'rate_limited',
  451: 'content_rejected',
  499: 'timeout',
};
const authorization = `Bearer ${pigeon.apiKey}`;
const maxTextLength = { gsm7: 320, ucs2: 140 };
const maxCount = 3;

/** An error in which nothing is confidential. */
export function pigeonError(
  code: TelephonyErrorCode,
  details: Partial<ConstructorParameters<typeof TelephonyError>[2]> = {},
): TelephonyError {
  return new TelephonyError(code, `the pigeon failed: ${code}`, {
    outcome: 'not-performed',
    ...details,
    provider: pigeon.id,
  });
}

/** An honest provider's sending half. */
export function createPigeonMessaging(
  stage: Pick<Stage, 'transport' | 'fetch' | 'now'>,
  origin: string = pigeon.origin,
): Required<MessagingProvider> {
  const ask = async (
    method: 'GET' | 'POST',
    path: string,
    body: string | undefined,
    options: CallOptions | undefined,
  ): Promise<Readonly<Record<string, unknown>>> => {
    const outcome = method === 'GET' ? 'not-performed' : 'unknown';
    const signal = options?.signal;
    if (signal?.aborted === true) throw pigeonError('aborted');
    let response: HttpResponse;
    let text: string;
    try {
      response = await stage.transport({
        method,
        url: new URL(path, origin),
        headers: {
          authorization,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body }),
        ...(signal === undefined ? {} : { signal }),
      });
      text = await response.text();
    } catch (failure) {
      const error = toTransportError(failure, { provider: pigeon.id, signal });
      throw method === 'GET' ? pigeonError(error.code) : error;
    }
    const answer = parseRecord(text);
    if (response.status >= 400) throw refusalOf(response, answer, outcome, stage.now());
    if (response.status >= 300 || answer === undefined) {
      throw pigeonError('malformed_response', { outcome });
    }
    return answer;
  };
  return {
    capabilities: {
      channels: ['sms', 'mms', 'whatsapp'],
      maxTextLength,
      outboundMedia: { by: 'url', maxCount, maxBytes: 1000, maxTotalBytes: 3000 },
      deliveryReceipts: 'per-message-url',
      optOut: 'carrier',
      senderPools: true,
    },
    errorCodeOf: (carrierErrorCode) => codes[Number(/^P(\d{3})$/u.exec(carrierErrorCode)?.[1])],
    async send(message, options) {
      assertSendable(message);
      const { to, from, text = '', media = [], statusCallback } = message;
      const body = JSON.stringify({
        to,
        ...(from.kind === 'pool' ? { pool: from.id } : { from: from.address }),
        ...(text === '' ? {} : { text }),
        media: media.map(({ href }) => href),
        callback: statusCallback?.href,
      });
      const answer = await ask('POST', '/messages', body, options);
      const { id, status } = answer;
      if (typeof id !== 'string') throw pigeonError('malformed_response', { outcome: 'unknown' });
      return {
        messageId: id,
        status: toStatus(status),
        warnings: warningsOf(message),
        raw: answer,
      };
    },
    async getMessage(id, options) {
      if (!/^[\w-]+$/u.test(id)) throw pigeonError('invalid_request');
      const answer = await ask('GET', `/messages/${id}`, undefined, options);
      if (answer['status'] === undefined) throw pigeonError('malformed_response');
      const code = answer['code'];
      return {
        status: toStatus(answer['status']),
        ...(typeof code === 'string' ? { carrierErrorCode: code } : {}),
        raw: answer,
      };
    },
    fetchMedia: createMediaDownload({
      provider: pigeon.id,
      fetch: stage.fetch,
      authorizationFor: (url) => (url.origin === origin ? authorization : undefined),
      allowsLoopback: origin !== pigeon.origin,
      toError: ({ status }) =>
        pigeonError(
          codes[status] ?? (status >= 500 ? 'provider_unavailable' : 'malformed_response'),
          { httpStatus: status },
        ),
    }),
  };
}

function assertSendable({ to, from, text = '', media = [] }: OutboundMessage): void {
  if (typeof to !== 'string' || !(isE164(to) || isShortCode(to))) {
    throw pigeonError('invalid_recipient');
  }
  if (from.kind !== 'pool' && !isMessageAddress(from.address)) {
    throw pigeonError('sender_not_allowed');
  }
  const most = /[\u0400-\u{10ffff}]/u.test(text) ? maxTextLength.ucs2 : maxTextLength.gsm7;
  if (text.length > most || media.length > maxCount || (text === '' && media.length === 0)) {
    throw pigeonError('invalid_request');
  }
}

function warningsOf({ providerOptions }: OutboundMessage): ProviderWarning[] {
  return Object.keys(providerOptions?.[pigeon.id] ?? {}).map((feature) => ({
    type: 'unsupported',
    feature,
  }));
}

function refusalOf(
  response: HttpResponse,
  answer: Readonly<Record<string, unknown>> | undefined,
  outcome: 'not-performed' | 'unknown',
  now: Date,
): TelephonyError {
  const { status } = response;
  const retryAfterMs = parseRetryAfter(response.header('retry-after'), now);
  const providerCode = answer?.['code'];
  return pigeonError(
    status >= 500 ? 'provider_unavailable' : (codes[status] ?? 'invalid_request'),
    {
      outcome: outcomeOfStatus(status) === 'unknown' ? outcome : 'not-performed',
      httpStatus: status,
      ...(typeof providerCode === 'string' ? { providerCode } : {}),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    },
  );
}

/** A JSON object, or nothing. */
export function parseRecord(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? Object.fromEntries(Object.entries(value)) : undefined;
  } catch {
    return undefined;
  }
}

/** The pigeon says what the contract says. */
export function toStatus(word: unknown): DeliveryStatus {
  return isDeliveryStatus(word) ? word : 'unrecognized';
}
