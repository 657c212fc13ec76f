import { decodeBase64, encodeBase64 } from './base64.ts';
import { ed25519 } from './ed25519.ts';
import { WebhookVerificationError, asVerificationError } from './error.ts';
import { readFetchRequest } from './fetch-request.ts';
import {
  readBody,
  readSecrets,
  requireHeader,
  type WebhookLimits,
  type WebhookRequest,
} from './request.ts';
import { readPrivateKey, readPublicKey } from './telnyx-key.ts';
import { TelnyxWebhook, type VerifiedTelnyxWebhook } from './telnyx-webhook.ts';

export { WebhookVerificationError } from './error.ts';
export type { VerifiedTelnyxWebhook } from './telnyx-webhook.ts';

export interface TelnyxVerifyOptions extends Pick<WebhookLimits, 'maxBodyBytes'> {
  /**
   * The account's public key from Mission Control: 32 raw bytes or SPKI in base64, or PEM. A list
   * while it is being rotated.
   */
  readonly publicKey: string | readonly string[];
  /** How far the timestamp may be off, in either direction, inclusive. Default 300. */
  readonly toleranceSeconds?: number;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

/** What Telnyx signs needs neither method nor URL. */
export type TelnyxWebhookRequest = Pick<WebhookRequest, 'headers' | 'body'>;

const signatureHeader = 'telnyx-signature-ed25519';
const timestampHeader = 'telnyx-timestamp';
const signatureBytes = 64;
const defaultToleranceSeconds = 300;
const encoder = new TextEncoder();

/**
 * Verifies a Telnyx webhook and hands back what it read on the way.
 *
 * The body must be the raw bytes: JSON that was parsed and written again does not verify. Throws
 * only `WebhookVerificationError`. Ed25519 takes about 0.1 ms of the event loop;
 * `verifyTelnyxWebhookAsync` does not.
 *
 * @example
 * ```ts
 * import { signTelnyxWebhook, verifyTelnyxWebhook } from '@openclaw/webhook-verify/telnyx';
 *
 * const privateKey = 'g4bpKftGy9mDnqqI3e1Sm+lcTAhkecqCBtzHpD+k268=';
 * const publicKey = 'uMv/hmRXDlcz5FnYsRXHgMt8YNaeny4bJLnno7XWn+4=';
 * const body = '{"data":{"id":"b301ed3f","event_type":"message.received"}}';
 * const webhook = verifyTelnyxWebhook({ headers: signTelnyxWebhook({ body }, { privateKey }), body }, { publicKey });
 * console.log(webhook.eventId); // b301ed3f
 * ```
 *
 * @see https://developers.telnyx.com/docs/messaging/messages/receiving-webhooks
 */
export function verifyTelnyxWebhook(
  request: TelnyxWebhookRequest,
  options: TelnyxVerifyOptions,
): VerifiedTelnyxWebhook {
  try {
    const claim = readClaim(request, options);
    for (const [secretIndex, key] of claim.keys.entries()) {
      if (ed25519.verify(key, claim.message, claim.signature)) return toWebhook(claim, secretIndex);
    }
    throw mismatch();
  } catch (error) {
    throw asVerificationError(error);
  }
}

/**
 * As `verifyTelnyxWebhook`, with Ed25519 on a thread of its own where the runtime has one.
 *
 * Rejects only with `WebhookVerificationError`.
 *
 * @example
 * ```ts
 * import { verifyTelnyxWebhookAsync } from '@openclaw/webhook-verify/telnyx';
 *
 * const publicKey = 'uMv/hmRXDlcz5FnYsRXHgMt8YNaeny4bJLnno7XWn+4=';
 * export const receive = async (headers: Headers, body: Uint8Array): Promise<unknown> =>
 *   (await verifyTelnyxWebhookAsync({ headers, body }, { publicKey })).json();
 * ```
 */
export async function verifyTelnyxWebhookAsync(
  request: TelnyxWebhookRequest,
  options: TelnyxVerifyOptions,
): Promise<VerifiedTelnyxWebhook> {
  try {
    const claim = readClaim(request, options);
    const matches = await Promise.all(
      claim.keys.map((key) => ed25519.verifyAsync(key, claim.message, claim.signature)),
    );
    const secretIndex = matches.indexOf(true);
    if (secretIndex >= 0) return toWebhook(claim, secretIndex);
    throw mismatch();
  } catch (error) {
    throw asVerificationError(error);
  }
}

/**
 * Verifies a fetch-API `Request`, whose body it reads, bounded by `maxBodyBytes`, with Ed25519 off
 * the event loop. Throws only `WebhookVerificationError`.
 *
 * @example
 * ```ts
 * import { verifyTelnyxRequest } from '@openclaw/webhook-verify/telnyx';
 *
 * const publicKey = 'uMv/hmRXDlcz5FnYsRXHgMt8YNaeny4bJLnno7XWn+4=';
 * export async function POST(request: Request): Promise<Response> {
 *   const webhook = await verifyTelnyxRequest(request, { publicKey });
 *   return new Response(null, { status: webhook.eventId === undefined ? 400 : 204 });
 * }
 * ```
 */
export async function verifyTelnyxRequest(
  request: Request,
  options: TelnyxVerifyOptions,
): Promise<VerifiedTelnyxWebhook> {
  const required = [[signatureHeader], [timestampHeader]];
  return verifyTelnyxWebhookAsync(await readFetchRequest(request, options, required), options);
}

export interface TelnyxSignOptions {
  /** The Ed25519 key that signs: base64 of the 32-byte seed, or PKCS #8 in base64 or PEM. */
  readonly privateKey: string;
  /** Seconds since 1970. Default: what `now` says. */
  readonly timestampSeconds?: number;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

/**
 * The headers Telnyx would send with this body, for simulators and tests.
 *
 * Throws `WebhookVerificationError` (`unusable_secret`) when the key is not one.
 *
 * @example
 * ```ts
 * import { signTelnyxWebhook } from '@openclaw/webhook-verify/telnyx';
 *
 * const privateKey = 'g4bpKftGy9mDnqqI3e1Sm+lcTAhkecqCBtzHpD+k268=';
 * const headers = signTelnyxWebhook({ body: '{}' }, { privateKey, timestampSeconds: 1795165200 });
 * console.log(headers['telnyx-signature-ed25519']);
 * ```
 */
export function signTelnyxWebhook(
  request: Pick<WebhookRequest, 'body'>,
  options: TelnyxSignOptions,
): { 'telnyx-signature-ed25519': string; 'telnyx-timestamp': string } {
  try {
    const seconds = options.timestampSeconds ?? Math.floor((options.now ?? Date.now)() / 1000);
    const timestamp = String(seconds);
    const message = toMessage(timestamp, readBody(request.body, { maxBodyBytes: Infinity }));
    return {
      [signatureHeader]: encodeBase64(ed25519.sign(readPrivateKey(options.privateKey), message)),
      [timestampHeader]: timestamp,
    };
  } catch (error) {
    throw asVerificationError(error);
  }
}

/** A request whose headers have the right shape and whose timestamp is within the tolerance. */
interface Claim {
  readonly keys: readonly Uint8Array[];
  readonly body: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
  readonly signedAtSeconds: number;
}

function readClaim(request: TelnyxWebhookRequest, options: TelnyxVerifyOptions): Claim {
  const keys = readSecrets(options.publicKey, 'publicKey').map((key) => readPublicKey(key));
  const body = readBody(request.body, options);
  const encoded = requireHeader(request.headers, signatureHeader);
  const timestamp = requireHeader(request.headers, timestampHeader);
  const signedAtSeconds = readTimestamp(timestamp, options);
  const signature = decodeBase64(encoded);
  if (signature?.length !== signatureBytes) {
    throw new WebhookVerificationError(
      'malformed_header',
      `The ${signatureHeader} header is not padded base64 of 64 bytes.`,
    );
  }
  return { keys, body, signature, signedAtSeconds, message: toMessage(timestamp, body) };
}

function readTimestamp(text: string, options: TelnyxVerifyOptions): number {
  const seconds = Number(text);
  if (!/^[0-9]{1,32}$/u.test(text) || !Number.isSafeInteger(seconds)) {
    throw new WebhookVerificationError(
      'malformed_header',
      `The ${timestampHeader} header is not a number of seconds in decimal digits.`,
    );
  }
  const nowSeconds = Math.floor((options.now ?? Date.now)() / 1000);
  // Written so that a clock or a tolerance that is not a number refuses.
  if (Math.abs(nowSeconds - seconds) <= (options.toleranceSeconds ?? defaultToleranceSeconds)) {
    return seconds;
  }
  throw new WebhookVerificationError(
    'timestamp_out_of_tolerance',
    `The ${timestampHeader} header is further from this machine's clock than toleranceSeconds: check the clock; otherwise it is a replay.`,
  );
}

function toMessage(timestamp: string, body: Uint8Array): Uint8Array {
  const message = new Uint8Array(timestamp.length + 1 + body.length);
  encoder.encodeInto(`${timestamp}|`, message);
  message.set(body, timestamp.length + 1);
  return message;
}

function toWebhook(claim: Claim, secretIndex: number): VerifiedTelnyxWebhook {
  return new TelnyxWebhook({ ...claim, secretIndex });
}

function mismatch(): WebhookVerificationError {
  return new WebhookVerificationError(
    'signature_mismatch',
    `No configured public key matches this ${signatureHeader}: check the key, and that the body is the raw bytes.`,
  );
}
