import { verifyTelnyxWebhook, WebhookVerificationError } from '@openclaw/webhook-verify/telnyx';
import { refuse } from './errors.ts';

/** Who we are to Telnyx, and how we know that a webhook is from Telnyx. */
export interface TelnyxCredentialOptions {
  /** An API key of version 2, which begins with `KEY`. */
  readonly apiKey: string;
  /**
   * The account's public key, which Mission Control shows beside the API keys: 32 raw bytes or SPKI in base64, or
   * PEM. Several while one replaces another; all are believed. No webhook is believed without one.
   */
  readonly publicKey: string | readonly string[];
}

/** Credentials that were checked. */
export interface TelnyxCredentials {
  readonly publicKeys: readonly string[];
  /** The value of the `Authorization` header. */
  readonly authorization: string;
}

/** Refuses what cannot be credentials; without a public key, anybody could write to us. */
export function readCredentials({ apiKey, publicKey }: TelnyxCredentialOptions): TelnyxCredentials {
  // It becomes a part of a header.
  if (typeof apiKey !== 'string' || !/^[\x21-\x7e]+$/u.test(apiKey)) {
    throw refuse(
      'invalid_request',
      'apiKey is empty or has spaces in it: copy it from API Keys in Mission Control',
    );
  }
  const publicKeys = typeof publicKey === 'string' ? [publicKey] : [...(publicKey ?? [])];
  const fault = faultOf(publicKeys);
  if (fault !== undefined) throw refuse('invalid_request', fault);
  return { publicKeys, authorization: `Bearer ${apiKey}` };
}

/** A webhook without a signature is refused in any case; it is refused for the key first if there is a fault in it. */
function faultOf(publicKeys: readonly string[]): string | undefined {
  try {
    verifyTelnyxWebhook({ headers: {}, body: '' }, { publicKey: publicKeys });
    return undefined;
  } catch (error) {
    if (!WebhookVerificationError.isInstance(error)) throw error;
    return error.reason === 'missing_header' ? undefined : error.message;
  }
}
