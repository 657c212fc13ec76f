import { WebhookVerificationError } from './error.ts';
import { decodeForm, emptyForm, formEnd, type Form } from './form.ts';
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
  const query = decodeQuery(url);
  const queryOrder = sortFields(query);
  const form =
    body.length === 0 ? emptyForm : decodeForm(body, 'body', Buffer.allocUnsafe(body.length));
  const order = sortFields(form);

  const queryBytes = query.count === 0 ? 0 : formEnd(query) + 2 * query.count - 1;
  const separatorBytes =
    Number(query.count > 0 || form.count > 0) + Number(query.count > 0 && form.count > 0);
  const message = Buffer.allocUnsafe(
    blockBytes +
      Buffer.byteLength(base) +
      separatorBytes +
      queryBytes +
      formEnd(form) +
      1 +
      nonce.length,
  );
  let at = blockBytes + message.write(base, blockBytes, 'utf8');
  if (separatorBytes > 0) message[at++] = questionMark;
  at = writePairs(query, queryOrder, message, at);
  if (separatorBytes > 1) message[at++] = dot;
  at = writeFields(form, order, message, at);
  message[at++] = dot;
  message.write(nonce, at, 'latin1');
  return method === 'GET' ? { message, form: query, order: queryOrder } : { message, form, order };
}

function decodeQuery(url: string): Form {
  const start = url.indexOf('?');
  if (start < 0) return emptyForm;
  const fragment = url.indexOf('#');
  const end = fragment < 0 ? url.length : fragment;
  const query = Buffer.from(url.slice(start + 1, end));
  return decodeForm(query, 'query', Buffer.allocUnsafe(query.length));
}
