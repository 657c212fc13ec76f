import { readFileSync } from 'node:fs';
import type { WebhookRequest } from '../src/request.ts';
import { WebhookVerificationError, type WebhookVerificationReason } from '../src/error.ts';

export interface TwilioVector {
  readonly id: string;
  readonly kind: 'form' | 'json';
  readonly tier: 'core' | 'lenient-sdk-only' | 'misuse';
  readonly category: string;
  readonly method: string;
  readonly authToken: string;
  readonly signedUrl: string;
  readonly url: string;
  readonly rawBody: string;
  readonly contentType: string | null;
  readonly signature: string;
  readonly expected: boolean;
}

export interface PlivoVector {
  readonly id: string;
  readonly tier: 'core' | 'misuse';
  readonly category: string;
  readonly method?: string;
  readonly authToken: string;
  readonly url: string;
  readonly rawBody?: string;
  readonly nonce: string;
  readonly signature: string;
  readonly header: string;
  readonly nonceHeader: string;
  readonly signingString: string;
  readonly expected: boolean;
}

export interface TelnyxVector {
  readonly id: string;
  readonly tier: 'core';
  readonly category: string;
  readonly publicKey: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timestamp: string;
  readonly now: number;
  readonly body: string;
  readonly signature: string;
  readonly expected: boolean;
}

export interface TelnyxKey {
  readonly seedHex: string;
  readonly rawBase64: string;
  readonly spkiDerBase64: string;
  readonly pem: string;
}

interface Collections {
  readonly twilio: { readonly vectors: readonly TwilioVector[] };
  readonly telnyx: {
    readonly vectors: readonly TelnyxVector[];
    readonly keys: readonly TelnyxKey[];
  };
  readonly 'plivo-v2': { readonly vectors: readonly PlivoVector[] };
  readonly 'plivo-v3': { readonly vectors: readonly PlivoVector[] };
}

export function readVectors<Name extends keyof Collections>(name: Name): Collections[Name] {
  const collection: Collections[Name] = JSON.parse(
    readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), 'utf8'),
  );
  return collection;
}

export function twilioRequest(vector: TwilioVector): WebhookRequest {
  const contentType = vector.contentType === null ? {} : { 'content-type': vector.contentType };
  return {
    method: vector.method,
    url: vector.url,
    headers: { 'x-twilio-signature': vector.signature, ...contentType },
    body: Buffer.from(vector.rawBody),
  };
}

export function plivoRequest(vector: PlivoVector): WebhookRequest {
  return {
    method: vector.method ?? 'POST',
    url: vector.url,
    headers: { [vector.header]: vector.signature, [vector.nonceHeader]: vector.nonce },
    body: Buffer.from(vector.rawBody ?? ''),
  };
}

/** `accepted`, or the reason of the refusal; anything else that is thrown is thrown on. */
export function verdictOf(verify: () => unknown): 'accepted' | WebhookVerificationReason {
  try {
    verify();
    return 'accepted';
  } catch (error) {
    if (WebhookVerificationError.isInstance(error)) return error.reason;
    throw error;
  }
}
