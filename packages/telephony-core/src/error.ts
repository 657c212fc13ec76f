const codes = [
  'auth_failed',
  'permission_denied',
  'invalid_request',
  'invalid_recipient',
  'recipient_opted_out',
  'sender_not_allowed',
  'content_rejected',
  'account_blocked',
  'not_found',
  'rate_limited',
  'limit_reached',
  'unsupported',
  'provider_unavailable',
  'network',
  'timeout',
  'aborted',
  'malformed_response',
  'webhook_rejected',
] as const;

/** What went wrong, in words that hold for every carrier. The list is closed: a new word is a new major version. */
export type TelephonyErrorCode = (typeof codes)[number];

const known: ReadonlySet<unknown> = new Set(codes);

/** True for one of the words of {@link TelephonyErrorCode}. */
export function isTelephonyErrorCode(value: unknown): value is TelephonyErrorCode {
  return known.has(value);
}

/** Why a webhook was refused (the `reason` of a `webhook_rejected` error). */
export type WebhookRejectionReason =
  | 'missing_header'
  | 'malformed_header'
  | 'malformed_request'
  | 'malformed_body'
  | 'unusable_secret'
  | 'body_digest_mismatch'
  | 'timestamp_out_of_tolerance'
  | 'signature_mismatch'
  /** Genuine, but for another account or number than the one that is configured. */
  | 'account_mismatch';

/**
 * May the message or call exist anyway? `not-performed`: surely not, it may be tried again.
 * `unknown`: perhaps, so trying again may send it twice.
 */
export type Outcome = 'not-performed' | 'unknown';

/** What a {@link TelephonyError} carries beside its code and message. */
export interface TelephonyErrorDetails {
  readonly outcome: Outcome;
  /** The provider's id; left out by code that belongs to no provider. */
  readonly provider?: string;
  /** How long the carrier asks us to wait before trying again. */
  readonly retryAfterMs?: number;
  readonly httpStatus?: number;
  /** The carrier's own error number, as a string. */
  readonly providerCode?: string;
  /** Set on `webhook_rejected` only. */
  readonly reason?: WebhookRejectionReason;
  readonly cause?: unknown;
}

const marker = Symbol.for('@openclaw/telephony-core/TelephonyError');

/**
 * The one error of the contract.
 *
 * It is shown to people and written to logs as it is, so its message never holds a secret, a full phone number,
 * a header, a request body or message text. Recognise it with {@link TelephonyError.isInstance}, which also works
 * when two copies of this package are installed.
 *
 * @example
 * try {
 *   await provider.messaging?.send(message);
 * } catch (error) {
 *   if (TelephonyError.isInstance(error) && error.outcome === 'not-performed') await tryAgainLater();
 *   else throw error;
 * }
 */
export class TelephonyError extends Error {
  override readonly name = 'TelephonyError';
  readonly code: TelephonyErrorCode;
  readonly provider: string;
  readonly outcome: Outcome;
  declare readonly retryAfterMs?: number;
  declare readonly httpStatus?: number;
  declare readonly providerCode?: string;
  declare readonly reason?: WebhookRejectionReason;

  constructor(code: TelephonyErrorCode, message: string, details: TelephonyErrorDetails) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    Object.defineProperty(this, marker, { value: true });
    this.code = code;
    this.provider = details.provider ?? 'none';
    this.outcome = details.outcome;
    if (details.retryAfterMs !== undefined) this.retryAfterMs = details.retryAfterMs;
    if (details.httpStatus !== undefined) this.httpStatus = details.httpStatus;
    if (details.providerCode !== undefined) this.providerCode = details.providerCode;
    if (details.reason !== undefined) this.reason = details.reason;
  }

  /** True for a `TelephonyError` of any installed copy of this package. */
  static isInstance(value: unknown): value is TelephonyError {
    return typeof value === 'object' && value !== null && marker in value;
  }
}
