import { WebhookVerificationError } from './error.ts';
import { findHeader, type ReadRequest } from './request.ts';

export const v3Headers = ['x-plivo-signature-v3', 'x-plivo-signature-ma-v3'] as const;
export const v2Headers = ['x-plivo-signature-v2', 'x-plivo-signature-ma-v2'] as const;
export const v3NonceHeader = 'x-plivo-signature-v3-nonce';
export const v2NonceHeader = 'x-plivo-signature-v2-nonce';
/** Base64 of 32 bytes, in the one spelling an encoder writes. */
const signatureShape = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/u;
const signatureLength = 44;
/** In one header; Plivo lists a signature for each active token. */
const maxSignatureCount = 16;
const maxNonceLength = 256;

/**
 * The signatures of both headers: with several active tokens, a header lists one for each.
 * Undefined when there is neither header.
 */
export function readSignatures(
  { headers }: ReadRequest,
  names: readonly [string, string],
): readonly string[] | undefined {
  const plainValue = findHeader(headers, names[0]);
  const mainValue = findHeader(headers, names[1]);
  if (plainValue === undefined && mainValue === undefined) return undefined;
  if (!plainValue && !mainValue) throw noSignature(names);
  const signatures: string[] = [];
  addSignatures(plainValue, signatures);
  addSignatures(mainValue, signatures);
  if (signatures.length === 0) throw unreadable();
  return signatures;
}

export function noSignature(names: readonly [string, string]): WebhookVerificationError {
  return new WebhookVerificationError(
    'missing_header',
    `The request has neither a ${names.join(' nor a ')} header.`,
  );
}

function addSignatures(value: string | undefined, signatures: string[]): void {
  if (value === undefined || value === '') return;
  if (value.length === signatureLength) {
    signatures.push(value);
    return;
  }
  const listed = value.split(',', maxSignatureCount + 1);
  if (listed.length > maxSignatureCount) throw unreadable();
  for (const text of listed) {
    const signature = text.trim();
    if (signatureShape.test(signature)) signatures.push(signature);
  }
}

/** What has matched has the shape: there is no need to look at it before. */
export function requireSignatureShape(signatures: readonly string[]): void {
  if (!signatures.some((signature) => signatureShape.test(signature))) throw unreadable();
}

function unreadable(): WebhookVerificationError {
  return new WebhookVerificationError(
    'malformed_header',
    'The signature headers hold no base64 of an HMAC-SHA256, or too many.',
  );
}

/** The nonce, if it can be one. */
export function requireNonce(nonce: string, header: string): string {
  if (nonce !== '' && nonce.length <= maxNonceLength && /^[\u0021-\u007e]*$/u.test(nonce))
    return nonce;
  throw new WebhookVerificationError(
    'malformed_header',
    `The ${header} header must be 1 to ${String(maxNonceLength)} visible ASCII characters.`,
  );
}
