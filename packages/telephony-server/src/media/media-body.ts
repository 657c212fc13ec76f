/**
 * Reads the body of a response, and stops as soon as it is longer than it may be: `undefined`, and whoever sends is told
 * to stop.
 *
 * @throws what the stream fails with
 */
export async function readAtMost(
  response: Response,
  maxBytes: number,
): Promise<Uint8Array | undefined> {
  const { body } = response;
  const declared = Number(response.headers.get('content-length') ?? 0);
  if (declared > maxBytes) {
    await body?.cancel().catch(() => undefined);
    return undefined;
  }
  if (body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    // Leaving the loop cancels the stream.
    if (size > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}
