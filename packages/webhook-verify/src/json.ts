import { WebhookVerificationError } from './error.ts';

const decoder = new TextDecoder('utf-8', { fatal: true });

/** Throws `malformed_body`, without the text: a parser's message would quote it. */
export function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(body));
  } catch {
    throw new WebhookVerificationError('malformed_body', 'The body is not JSON in UTF-8.');
  }
}
