import { randomInt } from 'node:crypto';
import { WebhookVerificationError, asVerificationError } from './error.ts';
import { readFetchRequest, type FetchRequestOptions } from './fetch-request.ts';
import { blockBytes, equalsInConstantTime, signMessage } from './hmac.ts';
import { Layouts } from './layouts.ts';
import {
  noSignature,
  readSignatures,
  requireNonce,
  requireSignatureShape,
  v2Headers,
  v2NonceHeader,
  v3Headers,
  v3NonceHeader,
} from './plivo-headers.ts';
import { toParameters } from './parameters.ts';
import {
  isPlainUrl,
  knownText,
  otherV3Text,
  v2Text,
  v3Text,
  type SignedText,
} from './plivo-message.ts';
import { PlivoWebhook, type VerifiedPlivoWebhook } from './plivo-webhook.ts';
import {
  readRequest,
  readSecrets,
  requireHeader,
  type ReadRequest,
  type WebhookLimits,
  type WebhookRequest,
} from './request.ts';
import { wipeScratch } from './scratch.ts';

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
    const v3Signatures = readSignatures(read, v3Headers);
    if (v3Signatures !== undefined) return verifyV3(read, secrets, v3Signatures);
    if (options.requireV3 === true) throw noSignature(v3Headers);
    const v2Signatures = readSignatures(read, v2Headers);
    if (v2Signatures !== undefined) return verifyV2(read, secrets, v2Signatures);
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
    const { message } = v3Text(read, requireNonce(nonce, v3NonceHeader));
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

/** For all callers alike: names and URLs of genuine requests, and no value of any. */
const layouts = new Layouts();

function verifyV3(
  request: ReadRequest,
  secrets: readonly string[],
  signatures: readonly string[],
): VerifiedPlivoWebhook {
  const nonce = requireNonce(requireHeader(request.headers, v3NonceHeader), v3NonceHeader);
  try {
    const known = knownText(request, nonce, layouts);
    if (known === undefined) requireSignatureShape(signatures);
    const usual = known ?? v3Text(request, nonce);
    const webhook = match('v3', request.url, usual, secrets, signatures);
    if (webhook !== undefined) return webhook;
    requireSignatureShape(signatures);
    const other = otherV3Text(request, nonce, usual);
    return requireMatch(other && match('v3', request.url, other, secrets, signatures));
  } finally {
    wipeScratch(request.body.length, request.url.length);
  }
}

function verifyV2(
  request: ReadRequest,
  secrets: readonly string[],
  signatures: readonly string[],
): VerifiedPlivoWebhook {
  const nonce = requireNonce(requireHeader(request.headers, v2NonceHeader), v2NonceHeader);
  requireSignatureShape(signatures);
  return requireMatch(match('v2', request.url, v2Text(request, nonce), secrets, signatures));
}

function match(
  version: 'v3' | 'v2',
  url: string,
  { message, fieldsStart, form, order }: SignedText,
  secrets: readonly string[],
  signatures: readonly string[],
): VerifiedPlivoWebhook | undefined {
  for (let index = 0; index < secrets.length; index += 1) {
    const expected = signMessage('sha256', secrets[index] ?? '', message);
    for (const given of signatures) {
      if (!equalsInConstantTime(expected, given)) continue;
      // V2 signs no fields: anyone can send any.
      if (version === 'v3' && order !== undefined && 'bytes' in form && isPlainUrl(url)) {
        layouts.learn(url, form, order);
      }
      const signedText = message.toString('latin1', blockBytes);
      const parameters = toParameters(form, signedText.slice(fieldsStart - blockBytes));
      return new PlivoWebhook(version, parameters, signedText, index);
    }
  }
  return undefined;
}

function requireMatch(webhook: VerifiedPlivoWebhook | undefined): VerifiedPlivoWebhook {
  if (webhook !== undefined) return webhook;
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
