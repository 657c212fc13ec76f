/**
 * Why a webhook was refused. The list is closed: a `switch` over it needs no default.
 *
 * - `missing_header`: a header the scheme needs is absent or empty.
 * - `malformed_header`: a header is there but cannot be a signature, nonce or timestamp.
 * - `malformed_request`: method, URL, headers or options have the wrong shape.
 * - `malformed_body`: the body is too large, has too many fields, or cannot be decoded.
 * - `unusable_secret`: no secret is configured, or one is empty or not a key.
 * - `body_digest_mismatch`: the signed digest is absent or is not the digest of the body.
 * - `timestamp_out_of_tolerance`: signed too long ago, or too far ahead.
 * - `signature_mismatch`: well-formed, and not signed with a configured secret.
 */
export type WebhookVerificationReason =
  | 'missing_header'
  | 'malformed_header'
  | 'malformed_request'
  | 'malformed_body'
  | 'unusable_secret'
  | 'body_digest_mismatch'
  | 'timestamp_out_of_tolerance'
  | 'signature_mismatch';

const marker = Symbol.for('@openclaw/webhook-verify/WebhookVerificationError');

/**
 * The only error this package throws on a refused request.
 *
 * The message names the header or option to look at. It never holds a secret, a signature or a
 * part of the body, so it can be logged as it is.
 *
 * @example
 * ```ts
 * import { WebhookVerificationError } from '@openclaw/webhook-verify';
 *
 * const status = (error: unknown): number =>
 *   WebhookVerificationError.isInstance(error) ? 403 : 500;
 * ```
 */
export class WebhookVerificationError extends Error {
  override readonly name = 'WebhookVerificationError';
  readonly reason: WebhookVerificationReason;
  readonly [marker] = true;

  constructor(reason: WebhookVerificationReason, message: string) {
    super(message);
    this.reason = reason;
  }

  /** True for errors of this class, also those made by another installed copy of the package. */
  static isInstance(error: unknown): error is WebhookVerificationError {
    return typeof error === 'object' && error !== null && marker in error;
  }
}

/**
 * Whatever went wrong, as our own error. A request is foreign data: a getter or a proxy in it may
 * throw anything, and what it threw may hold anything, so it is not attached as a cause.
 */
export function asVerificationError(error: unknown): WebhookVerificationError {
  if (isOurs(error)) return error;
  return new WebhookVerificationError(
    'malformed_request',
    'The request or the options could not be read: pass { method, url, headers, body } with plain values.',
  );
}

function isOurs(error: unknown): error is WebhookVerificationError {
  try {
    return error instanceof WebhookVerificationError;
  } catch {
    // What was thrown is a proxy that refuses the question.
    return false;
  }
}
