import type { WebhookReply } from '@openclaw/telephony-core';

/** An answer that is no acknowledgement. */
export interface Refusal extends WebhookReply {
  /** When to come again; becomes a `Retry-After` header. */
  readonly retryAfterSeconds?: number;
}

/** A refusal in plain text. */
export function refusal(status: number, body: string, retryAfterSeconds?: number): Refusal {
  return {
    status,
    contentType: 'text/plain; charset=utf-8',
    body: `${body}\n`,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  };
}
