import type { Brand } from './address.ts';
import type { TelephonyEvent } from './event.ts';

/** A webhook as it arrived, before anything is believed about it. */
export interface WebhookRequest {
  readonly method: string;
  /** The public URL that the carrier signed, byte for byte; never rebuilt through `new URL()`. */
  readonly url: string;
  readonly headers: Headers;
  /** Raw bytes; never parsed and written again. */
  readonly body: Uint8Array;
  readonly receivedAt: Date;
}

/** A webhook whose signature was checked. Only {@link markVerified} makes one, and only a `verify` may call it. */
export type VerifiedWebhook = Brand<WebhookRequest, 'VerifiedWebhook'> & {
  /** False where the carrier's scheme signs only the URL: callers must not act on the body alone. */
  readonly bodyAuthenticated: boolean;
};

/** What is answered to a webhook. */
export interface WebhookReply {
  readonly status: number;
  readonly contentType?: string;
  readonly body?: string;
}

/** A carrier's side of receiving webhooks: verify, then parse. The types do not let it happen the other way round. */
export interface WebhookReceiver {
  /** Header names without which a request is refused before its body is read; one of each inner list suffices. */
  readonly requiredHeaders: readonly (readonly string[])[];
  /**
   * Checks the signature. Never answers with a boolean.
   *
   * @throws {TelephonyError} `webhook_rejected` with a `reason`
   */
  verify(request: WebhookRequest): VerifiedWebhook;
  /**
   * Pure, and total over what `verify` returned: an event that is not known becomes `type: 'unknown'`, never a throw.
   *
   * @throws {TypeError} for anything else, which only JavaScript can hand over
   */
  parse(webhook: VerifiedWebhook): readonly TelephonyEvent[];
  /** What "got it" looks like to this carrier. */
  readonly acknowledgement: WebhookReply;
}

/** A private field is on what its class has made and on no copy; finding it costs less than a look into a `WeakSet`. */
class GenuineWebhook implements WebhookRequest {
  readonly #isGenuine = true;
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: Uint8Array;
  readonly receivedAt: Date;
  readonly bodyAuthenticated: boolean;

  constructor(request: WebhookRequest, bodyAuthenticated: boolean) {
    this.method = request.method;
    this.url = request.url;
    this.headers = request.headers;
    this.body = request.body;
    this.receivedAt = request.receivedAt;
    this.bodyAuthenticated = bodyAuthenticated;
  }

  static made(request: WebhookRequest): request is VerifiedWebhook {
    return #isGenuine in request && request.#isGenuine;
  }
}

/** True for what {@link markVerified} made, and for no copy of it. */
export function isVerifiedWebhook(request: WebhookRequest): request is VerifiedWebhook {
  return GenuineWebhook.made(request);
}

/**
 * Marks a request as genuine. For providers alone, as the last line of `verify`, after the signature matched.
 *
 * @example
 * verify(request) {
 *   verifyMySignature(request, secret); // throws when it does not match
 *   return markVerified(request, { bodyAuthenticated: true });
 * }
 */
export function markVerified(
  request: WebhookRequest,
  { bodyAuthenticated }: { readonly bodyAuthenticated: boolean },
): VerifiedWebhook {
  const marked: WebhookRequest = new GenuineWebhook(request, bodyAuthenticated);
  if (!isVerifiedWebhook(marked)) throw new TypeError('a webhook could not be marked as verified');
  return marked;
}
