import type { InboundMedia, OptOutKeyword, WebhookRequest } from '@openclaw/telephony-core';
import { signMockWebhook } from './signature.ts';

/** The body of the webhook that announces a text: what {@link createMockWebhook} writes as JSON. */
export interface MockText {
  readonly type: 'message.received';
  /** The same for every time one text is announced. */
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** Left out for a message of media alone. */
  readonly text?: string;
  readonly media?: readonly InboundMedia[];
  readonly segmentCount?: number;
  readonly optOut?: OptOutKeyword;
  /** ISO 8601. */
  readonly occurredAt?: string;
}

/** The body of the webhook that reports on a message of ours. */
export interface MockReceipt {
  readonly type: 'message.status';
  /** The message's id, as the receipt of `send` had it. */
  readonly id: string;
  /** A word of the contract; any other is reported as `unrecognized`. */
  readonly status: string;
  readonly errorCode?: string;
  /** ISO 8601. */
  readonly occurredAt?: string;
}

/** Where and when a mock webhook arrives, and with what it is signed. */
export interface MockWebhookOptions {
  readonly secret: string;
  /** Default: `https://mock.invalid/webhook`. The scheme does not sign it. */
  readonly url?: string;
  /** Default: the epoch, so that a test needs no clock. */
  readonly receivedAt?: Date;
}

/**
 * Makes the signed request that a mock carrier would send, for tests of a server.
 *
 * @throws {TelephonyError} `webhook_rejected` with the reason `unusable_secret` for an empty secret
 * @example
 * const request = createMockWebhook(
 *   { type: 'message.received', id: 'in-1', from: '+15550100123', to: '+15550100100', text: 'hello' },
 *   { secret: 'only-for-tests' },
 * );
 */
export function createMockWebhook(
  body: MockText | MockReceipt,
  options: MockWebhookOptions,
): WebhookRequest {
  const json = JSON.stringify(body);
  return {
    method: 'POST',
    url: options.url ?? 'https://mock.invalid/webhook',
    headers: new Headers({
      'content-type': 'application/json',
      ...signMockWebhook(json, options.secret),
    }),
    body: new TextEncoder().encode(json),
    receivedAt: options.receivedAt ?? new Date(0),
  };
}
