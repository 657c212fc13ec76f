import { randomInt } from 'node:crypto';
import { WebhookVerificationError, asVerificationError } from './error.ts';
import { readFetchRequest, type FetchRequestOptions } from './fetch-request.ts';
import { learnOrder } from './form-order.ts';
import { equalsInConstantTime, signMessage } from './hmac.ts';
import { v2Text, v3Texts, type SignedText } from './plivo-message.ts';
import { PlivoWebhook, type VerifiedPlivoWebhook } from './plivo-webhook.ts';
import {
  findHeader,
  readRequest,
  readSecrets,
  requireHeader,
  type ReadRequest,
  type WebhookLimits,
  type WebhookRequest,
} from './request.ts';

export { WebhookVerificationError } from './error.ts';
export type { VerifiedPlivoWebhook } from './plivo-webhook.ts';

export interface PlivoVerifyOptions extends WebhookLimits {
  /** The auth token; a list for a main account and its subaccounts, or while it is being rotated. */
  readonly authToken: string | readonly string[];
  /**
   * Set this on voice routes and wherever the body must be authentic: V2 signs only the URL.
   * Default false.
   */
  readonly requireV3?: boolean;
}

const v3Headers = ['x-plivo-signature-v3', 'x-plivo-signature-ma-v3'] as const;
const v2Headers = ['x-plivo-signature-v2', 'x-plivo-signature-ma-v2'] as const;
const v3NonceHeader = 'x-plivo-signature-v3-nonce';
const v2NonceHeader = 'x-plivo-signature-v2-nonce';
/** Base64 of 32 bytes, in the one spelling an encoder writes. */
const signatureShape = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/u;
/** In one header; Plivo lists a signature for each active token. */
const maxSignatureCount = 16;
const maxNonceLength = 256;

/**
 * Verifies a Plivo webhook and hands back what it read on the way.
 *
 * A request with a V3 or Ma-V3 signature must match it; only one without is checked against V2 and
 * Ma-V2, unless `requireV3`. Do not act on the parameters when `bodyAuthenticated` is false: V2
 * signs neither query nor body. Throws only `WebhookVerificationError`.
 *
 * @example
 * ```ts
 * import { signPlivoV3Webhook, verifyPlivoWebhook } from '@openclaw/webhook-verify/plivo';
 *
 * const unsigned = { method: 'POST', url: 'https://sms.example.com/in', headers: {}, body: 'Text=hi' };
 * const headers = signPlivoV3Webhook(unsigned, { authToken: 'secret', nonce: '05429567804466091622' });
 * const webhook = verifyPlivoWebhook({ ...unsigned, headers }, { authToken: 'secret', requireV3: true });
 * console.log(webhook.parameters.get('Text')); // hi
 * ```
 *
 * @see https://www.plivo.com/docs/voice/concepts/signature-validation
 */
export function verifyPlivoWebhook(
  request: WebhookRequest,
  options: PlivoVerifyOptions,
): VerifiedPlivoWebhook {
  try {
    const secrets = readSecrets(options.authToken, 'authToken');
    const read = readRequest(request, options);
    if (options.requireV3 === true || hasAny(read, v3Headers)) return verifyV3(read, secrets);
    if (hasAny(read, v2Headers)) return verifyV2(read, secrets);
    throw new WebhookVerificationError(
      'missing_header',
      `The request has none of the headers ${[...v3Headers, ...v2Headers].join(', ')}.`,
    );
  } catch (error) {
    throw asVerificationError(error);
  }
}

/**
 * Verifies a fetch-API `Request`, whose body it reads, bounded by `maxBodyBytes`.
 *
 * Pass `publicUrl` (origin, or full URL when it has a path) unless `request.url` is the public URL.
 * Throws only `WebhookVerificationError`.
 *
 * @example
 * ```ts
 * import { verifyPlivoRequest } from '@openclaw/webhook-verify/plivo';
 *
 * export async function POST(request: Request): Promise<Response> {
 *   const webhook = await verifyPlivoRequest(request, { authToken: 'secret', requireV3: true });
 *   return new Response(null, { status: webhook.parameters.has('CallUUID') ? 200 : 204 });
 * }
 * ```
 */
export async function verifyPlivoRequest(
  request: Request,
  options: PlivoVerifyOptions & FetchRequestOptions,
): Promise<VerifiedPlivoWebhook> {
  const required = [[...v3Headers, ...v2Headers]];
  return verifyPlivoWebhook(await readFetchRequest(request, options, required), options);
}

export interface PlivoSignOptions extends WebhookLimits {
  /** The token of the (sub)account; its signature goes into the plain header. */
  readonly authToken: string;
  /** The main account's token, when it should sign the `Ma` header too. */
  readonly mainAuthToken?: string;
  /** Default: 20 random digits. */
  readonly nonce?: string;
}

/**
 * The V3 headers Plivo would send with this request, for simulators and tests.
 *
 * Throws `WebhookVerificationError` for a request that cannot be signed.
 *
 * @example
 * ```ts
 * import { signPlivoV3Webhook } from '@openclaw/webhook-verify/plivo';
 *
 * const request = { method: 'POST', url: 'https://sms.example.com/in', headers: {}, body: 'Text=hi' };
 * const headers = signPlivoV3Webhook(request, { authToken: 'secret', nonce: '1' });
 * console.log(headers['x-plivo-signature-v3']);
 * ```
 */
export function signPlivoV3Webhook(
  request: WebhookRequest,
  options: PlivoSignOptions,
): Record<string, string> {
  try {
    const read = readRequest(request, options);
    const nonce = options.nonce ?? randomNonce();
    const [{ message }] = v3Texts(read, requireNonce(nonce, v3NonceHeader));
    return signedHeaders(message, options, v3Headers, v3NonceHeader, nonce);
  } catch (error) {
    throw asVerificationError(error);
  }
}

/**
 * The V2 headers Plivo would send with this request, for simulators and tests.
 *
 * V2 signs the URL without its query, and the nonce; nothing else. Throws
 * `WebhookVerificationError` for a request that cannot be signed.
 *
 * @example
 * ```ts
 * import { signPlivoV2Webhook } from '@openclaw/webhook-verify/plivo';
 *
 * const request = { method: 'POST', url: 'https://sms.example.com/in', headers: {}, body: 'Text=hi' };
 * const headers = signPlivoV2Webhook(request, { authToken: 'secret', nonce: '1' });
 * console.log(headers['x-plivo-signature-v2']);
 * ```
 */
export function signPlivoV2Webhook(
  request: WebhookRequest,
  options: PlivoSignOptions,
): Record<string, string> {
  try {
    const read = readRequest(request, options);
    const nonce = options.nonce ?? randomNonce();
    const { message } = v2Text(read, requireNonce(nonce, v2NonceHeader));
    return signedHeaders(message, options, v2Headers, v2NonceHeader, nonce);
  } catch (error) {
    throw asVerificationError(error);
  }
}

function hasAny(request: ReadRequest, names: readonly string[]): boolean {
  return names.some((name) => findHeader(request.headers, name) !== undefined);
}

function verifyV3(request: ReadRequest, secrets: readonly string[]): VerifiedPlivoWebhook {
  const signatures = readSignatures(request, v3Headers);
  const nonce = requireNonce(requireHeader(request.headers, v3NonceHeader), v3NonceHeader);
  const found = findMatch(v3Texts(request, nonce), secrets, signatures);
  return new PlivoWebhook({ ...found, signatureVersion: 'v3' });
}

function verifyV2(request: ReadRequest, secrets: readonly string[]): VerifiedPlivoWebhook {
  const signatures = readSignatures(request, v2Headers);
  const nonce = requireNonce(requireHeader(request.headers, v2NonceHeader), v2NonceHeader);
  const found = findMatch([v2Text(request, nonce)], secrets, signatures);
  return new PlivoWebhook({ ...found, signatureVersion: 'v2' });
}

/** The signatures of both headers: with several active tokens, a header lists one for each. */
function readSignatures(request: ReadRequest, names: readonly [string, string]): readonly string[] {
  const values = names.map((name) => findHeader(request.headers, name) ?? '').filter(Boolean);
  if (values.length === 0) {
    throw new WebhookVerificationError(
      'missing_header',
      `The request has neither a ${names.join(' nor a ')} header.`,
    );
  }
  const [only = ''] = values;
  if (values.length === 1 && signatureShape.test(only)) return values;
  const lists = values.map((value) => value.split(',', maxSignatureCount + 1));
  const signatures: string[] = [];
  for (const listed of lists.flat()) {
    const signature = listed.trim();
    if (signatureShape.test(signature)) signatures.push(signature);
  }
  if (signatures.length === 0 || lists.some(({ length }) => length > maxSignatureCount)) {
    throw new WebhookVerificationError(
      'malformed_header',
      `The ${names.join(' and ')} headers hold no base64 of an HMAC-SHA256, or too many.`,
    );
  }
  return signatures;
}

function requireNonce(nonce: string, header: string): string {
  if (nonce !== '' && nonce.length <= maxNonceLength && /^[\u0021-\u007e]*$/u.test(nonce))
    return nonce;
  throw new WebhookVerificationError(
    'malformed_header',
    `The ${header} header must be 1 to ${String(maxNonceLength)} visible ASCII characters.`,
  );
}

function findMatch(
  texts: readonly SignedText[],
  secrets: readonly string[],
  signatures: readonly string[],
): SignedText & { readonly secretIndex: number } {
  for (const text of texts) {
    for (const [secretIndex, secret] of secrets.entries()) {
      const expected = signMessage('sha256', secret, text.message);
      if (signatures.some((given) => equalsInConstantTime(expected, given))) {
        learnOrder(text.order);
        return { ...text, secretIndex };
      }
    }
  }
  throw new WebhookVerificationError(
    'signature_mismatch',
    'No configured auth token made these Plivo signatures: check the tokens, and that url is the public URL Plivo requested.',
  );
}

function signedHeaders(
  message: Buffer,
  { authToken, mainAuthToken }: PlivoSignOptions,
  [plain, main]: readonly [string, string],
  nonceHeader: string,
  nonce: string,
): Record<string, string> {
  const [secret = ''] = readSecrets(authToken, 'authToken');
  const headers = { [plain]: signMessage('sha256', secret, message), [nonceHeader]: nonce };
  if (mainAuthToken === undefined) return headers;
  const [mainSecret = ''] = readSecrets(mainAuthToken, 'mainAuthToken');
  return { ...headers, [main]: signMessage('sha256', mainSecret, message) };
}

function randomNonce(): string {
  return Array.from({ length: 20 }, () => String(randomInt(10))).join('');
}
