import { hash } from 'node:crypto';
import { WebhookVerificationError, asVerificationError } from './error.ts';
import { readFetchRequest, type FetchRequestOptions } from './fetch-request.ts';
import { decodeForm, type Form } from './form.ts';
import { learnOrder, sortFields } from './form-order.ts';
import { dropTwins, writeFields } from './form-text.ts';
import { blockBytes, equalsInConstantTime, signMessage } from './hmac.ts';
import {
  findHeader,
  readRequest,
  readSecrets,
  requireHeader,
  type ReadRequest,
  type WebhookLimits,
  type WebhookRequest,
} from './request.ts';
import { FormParameters } from './parameters.ts';
import { takeScratch, wipe } from './scratch.ts';
import { otherPortForm, requireSignableUrl, signedBodyDigest } from './twilio-url.ts';
import { TwilioWebhook, type VerifiedTwilioWebhook } from './twilio-webhook.ts';

export { WebhookVerificationError } from './error.ts';
export type { VerifiedTwilioWebhook } from './twilio-webhook.ts';

export interface TwilioVerifyOptions extends WebhookLimits {
  /** The account's primary auth token; a list while it is being rotated. Not an API key secret. */
  readonly authToken: string | readonly string[];
}

const signatureHeader = 'x-twilio-signature';
const formType = 'application/x-www-form-urlencoded';
const formTypeShape = /^application\/x-www-form-urlencoded\s*(?:;|$)/iu;
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
    if (!signatureShape.test(signature)) {
      throw new WebhookVerificationError(
        'malformed_header',
        `The ${signatureHeader} header is not the base64 of an HMAC-SHA1.`,
      );
    }
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
    requireSignableUrl(read.url);
    const { memory, memoryBytes, message } = toSignedText(read.url, readSignedBody(read));
    const signature = signMessage('sha1', secret, message);
    wipe(memory, memoryBytes);
    return { [signatureHeader]: signature };
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

const noBytes = new Uint8Array(0);

/** How the body is signed: its fields, its digest in the URL, or not at all because it is empty. */
type SignedBody = { readonly form: Uint8Array } | { readonly digest: string } | undefined;

function readSignedBody({ method, url, headers, body }: ReadRequest): SignedBody {
  const digest = signedBodyDigest(url);
  if (digest !== undefined) return { digest };
  if (body.length === 0) return undefined;
  if (method === 'GET') {
    throw new WebhookVerificationError(
      'malformed_request',
      'Twilio sends no body with a GET request.',
    );
  }
  const contentType = findHeader(headers, 'content-type') ?? formType;
  if (contentType !== formType && !formTypeShape.test(contentType)) {
    throw new WebhookVerificationError(
      'body_digest_mismatch',
      'The body is not a form, and the URL has no bodySHA256 that would authenticate it.',
    );
  }
  return { form: body };
}

/** What a request's signature is of, in memory that must be wiped. */
interface SignedText {
  readonly memory: Buffer;
  readonly memoryBytes: number;
  /** The URL and the fields, with room for the HMAC key in front. */
  readonly message: Buffer;
  readonly form: Form | undefined;
  /** In which order the form's fields are signed. */
  readonly order: readonly number[];
}

function toSignedText(url: string, body: SignedBody): SignedText {
  const source = body !== undefined && 'form' in body ? body.form : noBytes;
  const start = source.length;
  // A UTF-16 unit takes at most three bytes.
  const memoryBytes = 2 * start + blockBytes + 3 * url.length;
  const memory = takeScratch(memoryBytes);
  try {
    const urlEnd = start + blockBytes + memory.write(url, start + blockBytes, 'utf8');
    if (start === 0) {
      return {
        memory,
        memoryBytes,
        message: memory.subarray(0, urlEnd),
        form: undefined,
        order: [],
      };
    }
    const form = decodeForm(source, 'body', memory);
    const order = dropTwins(form, sortFields(form));
    const end = writeFields(form, order, memory, urlEnd);
    return { memory, memoryBytes, message: memory.subarray(start, end), form, order };
  } catch (error) {
    wipe(memory, memoryBytes);
    throw error;
  }
}

function verify(
  request: ReadRequest,
  secrets: readonly string[],
  signature: string,
): VerifiedTwilioWebhook {
  requireSignableUrl(request.url);
  const body = readSignedBody(request);
  const text = toSignedText(request.url, body);
  try {
    return verifyText(request, body, text, secrets, signature);
  } finally {
    wipe(text.memory, text.memoryBytes);
  }
}

function verifyText(
  request: ReadRequest,
  body: SignedBody,
  { message, form, order }: SignedText,
  secrets: readonly string[],
  signature: string,
): VerifiedTwilioWebhook {
  let signedUrl = request.url;
  let signedMessage = message;
  let secretIndex = findSecret(secrets, message, signature);
  if (secretIndex < 0) {
    signedUrl = otherPortForm(request.url) ?? request.url;
    signedMessage = withUrl(
      signedUrl,
      message.subarray(blockBytes + Buffer.byteLength(request.url)),
    );
    if (signedUrl !== request.url) secretIndex = findSecret(secrets, signedMessage, signature);
  }
  if (secretIndex < 0) {
    throw new WebhookVerificationError(
      'signature_mismatch',
      `No configured auth token made this ${signatureHeader}: check the token, and that url is the public URL Twilio requested.`,
    );
  }
  if (body !== undefined && 'digest' in body) requireBodyDigest(body.digest, request.body);
  learnOrder(order);
  const parameters = form === undefined ? undefined : new FormParameters(form);
  const signedText = signedMessage.toString('latin1', blockBytes);
  return new TwilioWebhook(request, parameters, signedText, signedUrl, secretIndex);
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

function requireBodyDigest(digest: string, body: Uint8Array): void {
  if (/^[0-9a-f]{64}$/u.test(digest) && equalsInConstantTime(hash('sha256', body), digest)) return;
  throw new WebhookVerificationError(
    'body_digest_mismatch',
    'The bodySHA256 that Twilio signed is not the SHA-256 of the body: pass the raw bytes.',
  );
}
