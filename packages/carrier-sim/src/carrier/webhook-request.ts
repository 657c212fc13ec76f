/** A webhook exactly as it goes over the wire. */
export interface WebhookMessage {
  readonly method: string;
  /** The URL as the carrier was told it, without a fragment: this is what the signature covers. */
  readonly url: string;
  /** Names and values in the order and the casing in which they are sent; without `Host` and `Content-Length`. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
}

/** Why no whole reply came back. */
export type AttemptFailure =
  /** The TCP or TLS connection was refused or could not be made, or the host has no address. */
  | 'connect-failed'
  | 'connect-timeout'
  /** Connected, but no reply, or a pause in it, for too long. */
  | 'read-timeout'
  /** Connected, and closed by the other side before the reply was whole. */
  | 'connection-lost'
  /** The reply is longer than a carrier reads. */
  | 'reply-too-long'
  /** The simulated carrier hung up right after sending, because a fault said so. */
  | 'hung-up'
  /** The URL or a header cannot go over the wire at all. */
  | 'invalid-request'
  /** Neither on this machine nor named in `origins`: nothing was sent. */
  | 'not-routed'
  /** The simulator was closed or reset meanwhile. */
  | 'aborted';

/** One try at delivering a webhook: either `status` or `error` is set. */
export interface WebhookAttempt {
  /** The URL that was asked for, without a fragment. */
  readonly url: string;
  readonly status?: number;
  readonly error?: AttemptFailure;
  readonly durationMs: number;
  readonly contentType?: string;
  /** The reply's body; `''` when there was none. */
  readonly replyBody: string;
}

/** How patient one try is. */
export interface AttemptLimits {
  readonly connectTimeoutMs: number;
  readonly readTimeoutMs: number;
}

/** True for a reply that says "got it". */
export function isAcknowledged(attempt: WebhookAttempt | undefined): boolean {
  return attempt?.status !== undefined && attempt.status >= 200 && attempt.status < 300;
}

/** A URL in the parts that a request needs, with path and query byte for byte as they were written. */
export interface WebhookTarget {
  readonly encrypted: boolean;
  /** As it goes into the `Host` header. */
  readonly host: string;
  readonly hostname: string;
  readonly port: number;
  readonly pathAndQuery: string;
  /** `user:password`, where the URL has one. */
  readonly credentials?: string;
}

/** Takes a URL apart without rewriting it, as `new URL()` would. */
export function parseTarget(url: string): WebhookTarget | undefined {
  const match =
    /^(https?):\/\/(?:([^/?#@]*)@)?(\[[^\]/?#]+\]|[^/?#:]+)(?::(\d{1,5}))?([/?][^#]*)?(?:#.*)?$/iu.exec(
      url,
    );
  if (match === null) return undefined;
  const [, scheme = '', credentials, name = '', port, rest = '/'] = match;
  const encrypted = scheme.toLowerCase() === 'https';
  const pathAndQuery = rest.startsWith('/') ? rest : `/${rest}`;
  // Node refuses to send these, and so would every proxy on the way.
  if (/[^\u0021-\u007E]/u.test(pathAndQuery)) return undefined;
  return {
    encrypted,
    host: port === undefined ? name : `${name}:${port}`,
    hostname: name.startsWith('[') ? name.slice(1, -1) : name,
    port: port === undefined ? (encrypted ? 443 : 80) : Number(port),
    pathAndQuery,
    ...(credentials === undefined ? {} : { credentials: decodePercent(credentials) }),
  };
}

function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** True for a name or address of this machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '::1' || /^127(?:\.\d{1,3}){3}$/u.test(hostname);
}

/** True when the last attempt was answered with 2xx. */
export function endsAcknowledged(attempts: readonly WebhookAttempt[]): boolean {
  return isAcknowledged(attempts.at(-1));
}
