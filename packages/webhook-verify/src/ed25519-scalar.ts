/** The order of the group, little-endian. */
const groupOrder = Uint8Array.from([
  0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
]);

/**
 * The signature's second half must be below the group order (RFC 8032 §5.1.7). OpenSSL checks it
 * and tweetnacl does not; without it every signature has a second form.
 */
export function hasCanonicalScalar(signature: Uint8Array): boolean {
  for (let index = 31; index >= 0; index -= 1) {
    const byte = signature[32 + index] ?? 0xff;
    const limit = groupOrder[index] ?? 0;
    if (byte !== limit) return byte < limit;
  }
  return false;
}
