import { hash } from 'node:crypto';
import { WebhookVerificationError, asVerificationError } from './error.ts';
import { readFetchRequest, type FetchRequestOptions } from './fetch-request.ts';
import { blockBytes, equalsInConstantTime, signMessage } from './hmac.ts';
import { Layouts } from './layouts.ts';
import { toParameters } from './parameters.ts';
import {
  readRequest,
  readSecrets,
  requireHeader,
  type ReadRequest,
  type WebhookLimits,
  type WebhookRequest,
} from './request.ts';
import { wipeScratch } from './scratch.ts';
import { knownText, toSignedText, type SignedText } from './twilio-message.ts';
import { otherPortForm, signedBodyDigest } from './twilio-url.ts';
import { TwilioWebhook, type VerifiedTwilioWebhook } from './twilio-webhook.ts';

export { WebhookVerificationError } from './error.ts';
export type { VerifiedTwilioWebhook } from './twilio-webhook.ts';

export interface TwilioVerifyOptions extends WebhookLimits {
  /** The account's primary auth token; a list while it is being rotated. Not an API key secret. */
  readonly authToken: string | readonly string[];
}

const signatureHeader = 'x-twilio-signature';
/** Base64 of 20 bytes, in the one spelling an encoder writes. */
const signatureShape = /^[A-Za-z0-9+/]{26}[AEIMQUYcgkosw048]=$/u;

/**
 * Verifies a Twilio webhook and hands back what it read on the way.
 *
 * Form and GET requests are signed with their parameters, JSON requests through the `bodySHA256`
 * of their URL. Throws only `WebhookVerificationError`. `request.url` must be the URL Twilio
 * requested, byte for byte; a caller who rebuilds it through `new URL()` refuses genuine requests.
 *
 * @example
 * ```ts
 * import { signTwilioWebhook, verifyTwilioWebhook } from '@openclaw/webhook-verify/twilio';
 *
 * const unsigned = { method: 'POST', url: 'https://sms.example.com/in', headers: {}, body: 'Body=hi' };
 * const request = { ...unsigned, headers: signTwilioWebhook(unsigned, { authToken: 'secret' }) };
 * const webhook = verifyTwilioWebhook(request, { authToken: ['secret', 'next secret'] });
 * console.log(webhook.parameters.get('Body')); // hi
 * ```
 *
 * @see https://www.twilio.com/docs/usage/security#validating-requests
 */
export function verifyTwilioWebhook(
  request: WebhookRequest,
  options: TwilioVerifyOptions,
): VerifiedTwilioWebhook {
  try {
    const secrets = readSecrets(options.authToken, 'authToken');
    const read = readRequest(request, options);
    const signature = requireHeader(read.headers, signatureHeader);
    return verify(read, secrets, signature);
  } catch (error) {
    throw asVerificationError(error);
  }
}

/**
 * Verifies a fetch-API `Request`, whose body it reads, bounded by `maxBodyBytes`.
 *
 * Pass `publicUrl` (origin, or full URL when it has a path) unless `request.url` is the public URL.
 * Runtimes normalise `request.url`; see "Limits and surprises" in the README. Throws only
 * `WebhookVerificationError`.
 *
 * @example
 * ```ts
 * import { verifyTwilioRequest } from '@openclaw/webhook-verify/twilio';
 *
 * export async function POST(request: Request): Promise<Response> {
 *   const webhook = await verifyTwilioRequest(request, { authToken: 'secret' });
 *   return new Response(`<Response><Message>${webhook.parameters.size}</Message></Response>`, {
 *     headers: { 'content-type': 'text/xml' },
 *   });
 * }
 * ```
 */
export async function verifyTwilioRequest(
  request: Request,
  options: TwilioVerifyOptions & FetchRequestOptions,
): Promise<VerifiedTwilioWebhook> {
  return verifyTwilioWebhook(
    await readFetchRequest(request, options, [[signatureHeader]]),
    options,
  );
}

/**
 * The header Twilio would send with this request, for simulators and tests.
 *
 * The body must be the one that is sent. For a JSON body pass the URL that `withBodyDigest` makes.
 * Throws `WebhookVerificationError` for a request that cannot be signed.
 *
 * @example
 * ```ts
 * import { signTwilioWebhook } from '@openclaw/webhook-verify/twilio';
 *
 * const url = 'https://sms.example.com/in';
 * const headers = signTwilioWebhook({ method: 'POST', url, headers: {}, body: 'Body=hi' }, { authToken: 'secret' });
 * console.log(headers['x-twilio-signature']); // WPBBZVT7VhlS+7uqGZxXfpbCNBM=
 * ```
 */
export function signTwilioWebhook(
  request: WebhookRequest,
  options: { readonly authToken: string } & WebhookLimits,
): { 'x-twilio-signature': string } {
  try {
    const [secret = ''] = readSecrets(options.authToken, 'authToken');
    const read = readRequest(request, options);
    const { message } = toSignedText(read);
    return { [signatureHeader]: signMessage('sha1', secret, message) };
  } catch (error) {
    throw asVerificationError(error);
  }
}

/**
 * The URL Twilio requests when it posts a JSON body: with its SHA-256 as the query's `bodySHA256`.
 *
 * @example
 * ```ts
 * import { withBodyDigest } from '@openclaw/webhook-verify/twilio';
 *
 * const url = withBodyDigest('https://sms.example.com/in', '{}');
 * console.log(url); // https://sms.example.com/in?bodySHA256=44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a
 * ```
 */
export function withBodyDigest(url: string, body: Uint8Array | string): string {
  return `${url}${url.includes('?') ? '&' : '?'}bodySHA256=${hash('sha256', body)}`;
}

/** For all callers alike: names and URLs of genuine requests, and no value of any. */
const layouts = new Layouts();

function verify(
  request: ReadRequest,
  secrets: readonly string[],
  signature: string,
): VerifiedTwilioWebhook {
  try {
    const known = knownText(request, layouts);
    if (known === undefined) requireSignatureShape(signature);
    return verifyText(request, known ?? toSignedText(request), secrets, signature);
  } finally {
    wipeScratch(request.body.length, request.url.length);
  }
}

/** What has matched has the shape: there is no need to look at it before. */
function requireSignatureShape(signature: string): void {
  if (signatureShape.test(signature)) return;
  throw new WebhookVerificationError(
    'malformed_header',
    `The ${signatureHeader} header is not the base64 of an HMAC-SHA1.`,
  );
}

function verifyText(
  request: ReadRequest,
  { message, fieldsStart, form, order }: SignedText,
  secrets: readonly string[],
  signature: string,
): VerifiedTwilioWebhook {
  let signedUrl = request.url;
  let secretIndex = findSecret(secrets, message, signature);
  if (secretIndex < 0) {
    requireSignatureShape(signature);
    const otherUrl = otherPortForm(signedUrl);
    if (otherUrl !== undefined) {
      signedUrl = otherUrl;
      secretIndex = findSecret(
        secrets,
        withUrl(otherUrl, message.subarray(fieldsStart)),
        signature,
      );
    }
  }
  if (secretIndex < 0) {
    throw new WebhookVerificationError(
      'signature_mismatch',
      `No configured auth token made this ${signatureHeader}: check the token, and that url is the public URL Twilio requested.`,
    );
  }
  if (form === undefined) requireBodyDigest(request);
  else if (order !== undefined && 'bytes' in form) layouts.learn(request.url, form, order);
  const signedFields = message.toString('latin1', fieldsStart);
  const parameters = form === undefined ? undefined : toParameters(form, signedFields);
  return new TwilioWebhook(request, parameters, signedFields, signedUrl, secretIndex);
}

function withUrl(url: string, fields: Buffer): Buffer {
  return Buffer.concat([Buffer.alloc(blockBytes), Buffer.from(url), fields]);
}

function findSecret(secrets: readonly string[], message: Buffer, signature: string): number {
  for (let index = 0; index < secrets.length; index += 1) {
    const expected = signMessage('sha1', secrets[index] ?? '', message);
    if (equalsInConstantTime(expected, signature)) return index;
  }
  return -1;
}

function requireBodyDigest({ url, body }: ReadRequest): void {
  const digest = signedBodyDigest(url);
  if (digest === undefined) return;
  if (equalsInConstantTime(hash('sha256', body), digest)) return;
  throw new WebhookVerificationError(
    'body_digest_mismatch',
    'The bodySHA256 that Twilio signed is not the SHA-256 of the body: pass the raw bytes.',
  );
}
