import { WebhookVerificationError } from './error.ts';
import { decodeForm, formEnd, type Form } from './form.ts';
import { sortFields } from './form-order.ts';
import { writeFields, writePairs } from './form-text.ts';
import { blockBytes } from './hmac.ts';
import { signedBase } from './plivo-url.ts';
import type { ReadRequest } from './request.ts';

/** A text that Plivo may have signed, with room for the HMAC key in front. */
export interface SignedText {
  readonly message: Buffer;
  /** The fields of the body, or for a GET those of the query. */
  readonly form: Form;
  /** In which order the fields of the form are signed. */
  readonly order: readonly number[];
}

const noBytes = new Uint8Array(0);
const questionMark = 0x3f;
const dot = 0x2e;

/**
 * The texts that a V3 signature may be of, the usual one first.
 *
 * A POST without any parameter has two, since sources differ on whether Plivo then writes a "?";
 * so has a WebSocket handshake, for which Plivo was seen to sign `http:` in place of `wss:`.
 * Throws `malformed_body`, or `malformed_request` for the URL.
 */
export function v3Texts(
  request: ReadRequest,
  nonce: string,
): readonly [SignedText, ...SignedText[]] {
  const base = signedBase(request.url);
  const first = v3Text(request, base, nonce);
  if (/^wss?:/iu.test(base)) {
    return [first, v3Text(request, base.replace(/^wss?/iu, 'http'), nonce)];
  }
  const hasParameters = first.form.count > 0 || request.url.includes('?');
  if (request.method === 'GET' || hasParameters) return [first];
  return [first, { ...first, message: withRoom(`${base}?.${nonce}`) }];
}

/** What a V2 signature is of: the URL without its query, and the nonce. */
export function v2Text(request: ReadRequest, nonce: string): SignedText {
  // The fields are not signed; they are read as V3 would read them.
  const { form, order } = v3Text(request, '', '');
  return { form, order, message: withRoom(signedBase(request.url) + nonce) };
}

function withRoom(text: string): Buffer {
  const message = Buffer.allocUnsafe(blockBytes + Buffer.byteLength(text));
  message.write(text, blockBytes, 'utf8');
  return message;
}

/** `base?query.body.nonce`: the "?" and the first dot only where there is something to separate. */
function v3Text({ method, url, body }: ReadRequest, base: string, nonce: string): SignedText {
  if (method === 'GET' && body.length > 0) {
    throw new WebhookVerificationError(
      'malformed_request',
      'Plivo sends no body with a GET request.',
    );
  }
  const query = decodeForm(queryBytes(url), 'query');
  const queryOrder = sortFields(query);
  const form = decodeForm(body, 'body');
  const order = sortFields(form);

  const baseBytes = Buffer.byteLength(base);
  const room =
    blockBytes + baseBytes + formEnd(query) + 2 * query.count + formEnd(form) + nonce.length;
  const message = Buffer.allocUnsafe(room + 3);
  let end = blockBytes + message.write(base, blockBytes, 'utf8');
  if (query.count + form.count > 0) message[end++] = questionMark;
  end = writePairs(query, queryOrder, message, end);
  if (query.count > 0 && form.count > 0) message[end++] = dot;
  end = writeFields(form, order, message, end);
  message[end++] = dot;
  end += message.write(nonce, end, 'latin1');
  const signed = message.subarray(0, end);
  if (method === 'GET') return { message: signed, form: query, order: queryOrder };
  return { message: signed, form, order };
}

function queryBytes(url: string): Uint8Array {
  const start = url.indexOf('?');
  if (start < 0) return noBytes;
  const fragment = url.indexOf('#');
  return Buffer.from(url.slice(start + 1, fragment < 0 ? url.length : fragment));
}
