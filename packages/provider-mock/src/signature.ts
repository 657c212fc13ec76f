import { rejectWebhook } from './errors.ts';
import { hmacSha256, toHex } from './sha256.ts';

/** The header that carries the signature of a mock webhook. */
export const mockSignatureHeader = 'x-mock-signature';

const encoder = new TextEncoder();

/**
 * Signs the body of a mock webhook: the header's value is the lower-case hexadecimal HMAC-SHA-256 of the raw body.
 *
 * `openssl dgst -sha256 -hmac "$SECRET" < body.json` writes the same digits.
 *
 * @returns the header to set, by its name
 * @throws {TelephonyError} `webhook_rejected` with the reason `unusable_secret` for an empty secret
 * @example
 * const headers = signMockWebhook('{"type":"message.status","id":"mock-1","status":"sent"}', 'secret');
 */
export function signMockWebhook(
  body: string | Uint8Array,
  secret: string,
): { readonly [mockSignatureHeader]: string } {
  assertUsable([secret]);
  const bytes = typeof body === 'string' ? encoder.encode(body) : body;
  return { [mockSignatureHeader]: toHex(hmacSha256(encoder.encode(secret), bytes)) };
}

/** The sibling of {@link signMockWebhook}: any of the secrets may have signed. Throws, and never answers. */
export function verifyMockSignature(
  body: Uint8Array,
  signature: string | null,
  secrets: readonly string[],
): void {
  assertUsable(secrets);
  if (signature === null || signature === '') {
    throw rejectWebhook('missing_header', `the request has no ${mockSignatureHeader} header`);
  }
  if (!/^[0-9a-f]{64}$/u.test(signature)) {
    throw rejectWebhook(
      'malformed_header',
      `the ${mockSignatureHeader} header is not 64 lower-case hexadecimal digits`,
    );
  }
  const matches = secrets.map((secret) =>
    sameText(signMockWebhook(body, secret)[mockSignatureHeader], signature),
  );
  if (!matches.includes(true)) {
    throw rejectWebhook(
      'signature_mismatch',
      `the ${mockSignatureHeader} header was not made from this body with a configured secret`,
    );
  }
}

/** No secret, no webhook: an endpoint without a secret must not exist. */
export function assertUsable(secrets: readonly string[]): void {
  const usable = secrets.length > 0 && secrets.every((secret) => secret.trim() !== '');
  if (usable) return;
  throw rejectWebhook('unusable_secret', 'webhookSecret is empty: set it to a non-empty string');
}

/** Takes as long for a wrong first character as for a wrong last one. Both have the same length. */
function sameText(one: string, other: string): boolean {
  let difference = one.length ^ other.length;
  for (let index = 0; index < one.length; index += 1) {
    difference |= one.charCodeAt(index) ^ other.charCodeAt(index);
  }
  return difference === 0;
}
