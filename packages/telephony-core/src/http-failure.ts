import { type Outcome, TelephonyError } from './error.ts';

/** Failures that can also end a connection which was made; they say so by their system call. */
const perhapsConnected = new Set([
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'ETIMEDOUT',
  'ECONNRESET',
]);
/** Failures after which the carrier cannot have seen the request: no connection was made, or none that is safe. */
const neverConnected = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_NOT_YET_VALID',
  'CERT_UNTRUSTED',
  'CERT_REVOKED',
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
  'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
  // The same in OpenSSL's newer words.
  'ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE',
  'ERR_SSL_TLSV1_UNRECOGNIZED_NAME',
  'ERR_SSL_UNSUPPORTED_PROTOCOL',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** What {@link toTransportError} needs to know of the request that failed. */
export interface FailedRequest {
  readonly provider: string;
  /** The caller's own signal: tells an abort from a time-out. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Turns what an {@link HttpTransport} rejected with into a {@link TelephonyError} whose `outcome` is right:
 * `not-performed` only where no connection was made, or no TLS over it, `unknown` for everything else.
 */
export function toTransportError(
  failure: unknown,
  { provider, signal }: FailedRequest,
): TelephonyError {
  if (TelephonyError.isInstance(failure)) return failure;
  if (signal?.aborted === true) {
    return new TelephonyError('aborted', 'the request was aborted before the carrier answered', {
      provider,
      outcome: 'unknown',
    });
  }
  if (nameOf(failure) === 'TimeoutError') {
    return new TelephonyError('timeout', 'the carrier did not answer in time', {
      provider,
      outcome: 'unknown',
    });
  }
  const causes = causesOf(failure);
  const connecting = causes.find(
    ({ code, syscall, message }) =>
      neverConnected.has(code) ||
      // Node's own words for a connection that ended before anything could be written to it.
      (code === 'ECONNRESET' && message.includes('before secure TLS connection')) ||
      (perhapsConnected.has(code) && syscall === 'connect'),
  );
  if (connecting !== undefined) {
    return new TelephonyError('network', `no connection to the carrier (${connecting.code})`, {
      provider,
      outcome: 'not-performed',
    });
  }
  const other = causes[0]?.code;
  return new TelephonyError(
    'network',
    `the connection to the carrier broke before its answer was complete${other === undefined ? '' : ` (${other})`}`,
    { provider, outcome: 'unknown' },
  );
}

function nameOf(failure: unknown): string | undefined {
  return failure instanceof Error || failure instanceof DOMException ? failure.name : undefined;
}

interface SystemCause {
  readonly code: string;
  readonly syscall: string | undefined;
  readonly message: string;
}

/** Node hides the system's code in `cause`, and behind an AggregateError when it tried several addresses. */
function causesOf(failure: unknown, depth = 0): SystemCause[] {
  if (typeof failure !== 'object' || failure === null || depth > 4) return [];
  const causes: SystemCause[] = [];
  if ('code' in failure && typeof failure.code === 'string') {
    const syscall =
      'syscall' in failure && typeof failure.syscall === 'string' ? failure.syscall : undefined;
    const message = failure instanceof Error ? failure.message : '';
    causes.push({ code: failure.code, syscall, message });
  }
  if ('cause' in failure) causes.push(...causesOf(failure.cause, depth + 1));
  if ('errors' in failure && Array.isArray(failure.errors)) {
    for (const inner of failure.errors) causes.push(...causesOf(inner, depth + 1));
  }
  return causes;
}

/**
 * Whether a request that creates something may have been performed, by the status of the answer. A refusal (4xx) is
 * sure, but for 408 and 499, which a proxy on the way gives for a carrier that it no longer waits for.
 */
export function outcomeOfStatus(status: number): Outcome {
  const refused = status >= 400 && status < 500 && status !== 408 && status !== 499;
  return refused ? 'not-performed' : 'unknown';
}

/**
 * Reads a `Retry-After` header: seconds, or an HTTP date (RFC 9110 §10.2.3).
 *
 * @returns milliseconds from `now`, never negative; `undefined` when there is none or it makes no sense.
 */
export function parseRetryAfter(value: string | undefined, now: Date): number | undefined {
  if (value === undefined) return undefined;
  const text = value.trim();
  if (/^\d{1,9}$/u.test(text)) return Number(text) * 1000;
  if (!/^[A-Za-z]{3},/u.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now.getTime());
}
