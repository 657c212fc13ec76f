import { WebhookVerificationError } from './error.ts';

/** Header fields as web-standard `Headers`, or as a plain record such as `req.headers` of `node:http`. */
export type WebhookHeaders =
  | Headers
  | Readonly<Record<string, string | readonly string[] | undefined>>;

/** A webhook as it arrived, independent of any framework. */
export interface WebhookRequest {
  /** `GET` or `POST`, in any case. */
  readonly method: string;
  /**
   * The public URL the carrier requested, byte for byte: see `resolveSignedUrl`. A URL that went
   * through `new URL()` may differ from it.
   */
  readonly url: string;
  readonly headers: WebhookHeaders;
  /** The raw bytes. A string stands for its UTF-8 bytes. Never a parsed and re-serialised body. */
  readonly body: Uint8Array | string;
}

/** Bounds that are checked before any cryptography. */
export interface WebhookLimits {
  /** Larger bodies are refused. Default 65 536. */
  readonly maxBodyBytes?: number;
}

export const defaultMaxBodyBytes = 65_536;

/** A request whose parts have been read once and have the types they claim. */
export interface ReadRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: WebhookHeaders;
  readonly body: Uint8Array;
}

const encoder = new TextEncoder();
const noBytes = new Uint8Array(0);

function malformed(message: string): WebhookVerificationError {
  return new WebhookVerificationError('malformed_request', message);
}

function readMethod(method: unknown): 'GET' | 'POST' {
  if (method === 'POST' || method === 'GET') return method;
  const upper = typeof method === 'string' ? method.toUpperCase() : '';
  if (upper === 'POST' || upper === 'GET') return upper;
  throw malformed('Webhooks are GET or POST requests: answer any other method with 405.');
}

export function readBody(body: unknown, limits: WebhookLimits): Uint8Array {
  const limit = limits.maxBodyBytes ?? defaultMaxBodyBytes;
  // A string never has fewer UTF-8 bytes than UTF-16 units, so a huge one is refused unencoded.
  if (typeof body === 'string' && body.length <= limit) body = encoder.encode(body);
  else if (body === undefined) body = noBytes;
  if (typeof body !== 'string' && !(body instanceof Uint8Array)) {
    throw malformed('The body must be the raw bytes (Uint8Array) or text, not a parsed object.');
  }
  if (!(body.length <= limit) || typeof body === 'string') {
    throw new WebhookVerificationError(
      'malformed_body',
      `The body is larger than maxBodyBytes (${String(limit)}).`,
    );
  }
  return body;
}

export function readRequest(request: WebhookRequest, limits: WebhookLimits): ReadRequest {
  const { url, headers } = request;
  if (typeof url !== 'string') throw malformed('The request has no url: pass the full public URL.');
  return {
    method: readMethod(request.method),
    url,
    headers,
    body: readBody(request.body, limits),
  };
}

function isHeaders(headers: WebhookHeaders): headers is Headers {
  return typeof headers.get === 'function';
}

/**
 * The value of a header, whatever its case, several joined with a comma as HTTP does; undefined
 * when absent. `name` is in lower case.
 */
export function findHeader(headers: WebhookHeaders, name: string): string | undefined {
  if (typeof headers !== 'object' || headers === null) {
    throw malformed('The request has no headers: pass a Headers object or a record.');
  }
  if (isHeaders(headers)) return headers.get(name) ?? undefined;
  const exact = headers[name];
  if (typeof exact === 'string') return exact;
  return joinHeader(headers, name);
}

/** Of a record that may have the header in another case, several times, or not at all. */
function joinHeader(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  name: string,
): string | undefined {
  let joined: string | undefined;
  for (const key of Object.keys(headers)) {
    if (key.length !== name.length || key.toLowerCase() !== name) continue;
    const value = headers[key];
    if (value === undefined || value.length === 0) continue;
    const text = typeof value === 'string' ? value : [...value].join(', ');
    joined = joined === undefined ? text : `${joined}, ${text}`;
  }
  return joined;
}

export function requireHeader(headers: WebhookHeaders, name: string): string {
  const value = findHeader(headers, name);
  if (value === undefined || value === '') {
    throw new WebhookVerificationError('missing_header', `The request has no ${name} header.`);
  }
  return value;
}

/** The secrets as a list that has at least one entry, none of them empty. */
export function readSecrets(secrets: unknown, option: string): readonly string[] {
  // A copy: what was checked is what is used, and no code of a caller's runs later on.
  const list: unknown = Array.isArray(secrets) ? [...secrets] : [secrets];
  if (!Array.isArray(list) || list.length === 0 || !list.every(isUsable)) {
    throw new WebhookVerificationError(
      'unusable_secret',
      `No request is accepted until ${option} is set to a non-empty string, or a list of them.`,
    );
  }
  return list;
}

function isUsable(secret: unknown): secret is string {
  return typeof secret === 'string' && secret.trim() !== '';
}
