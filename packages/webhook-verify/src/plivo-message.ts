import { WebhookVerificationError } from './error.ts';
import { decodeForm, emptyForm, formEnd, type Form } from './form.ts';
import { sortFields } from './form-order.ts';
import { writeFields, writePairs } from './form-text.ts';
import { blockBytes } from './hmac.ts';
import {
  loadForm,
  takeKnownForm,
  writeKnownFields,
  writeKnownUrl,
  type KnownForm,
} from './known-form.ts';
import type { Layouts } from './layouts.ts';
import { signedBase } from './plivo-url.ts';
import type { ReadRequest } from './request.ts';
import { maxKnownFormBytes, maxKnownUrlLength, scratch } from './scratch.ts';

/** A text that Plivo may have signed, with room for the HMAC key in front. */
export interface SignedText {
  readonly message: Buffer;
  /** Where in it the fields of the body start. */
  readonly fieldsStart: number;
  /** The fields of the body, or for a GET those of the query. */
  readonly form: Form | KnownForm;
  /** In which order the body's fields are signed; undefined when there is nothing to learn of it. */
  readonly order: readonly number[] | undefined;
}

const questionMark = 0x3f;
const dot = 0x2e;

/**
 * The V3 text of a POST to a URL without query, whose layout is known; undefined for any other
 * request. It stands in the scratch memory, which must be wiped in either case.
 */
export function knownText(
  { method, url, body }: ReadRequest,
  nonce: string,
  layouts: Layouts,
): SignedText | undefined {
  if (body.length > maxKnownFormBytes || url.length > maxKnownUrlLength) return undefined;
  if (method !== 'POST') return undefined;
  const start = loadForm(body);
  const layout = layouts.find();
  if (layout === undefined || (url !== layout.url && !isPlainUrl(url))) return undefined;
  const baseEnd = writeKnownUrl(layout, url, start + blockBytes);
  scratch[baseEnd] = questionMark;
  const fieldsEnd = writeKnownFields(layout, baseEnd + 1);
  if (fieldsEnd < 0) return undefined;
  scratch[fieldsEnd] = dot;
  const end = fieldsEnd + 1 + scratch.write(nonce, fieldsEnd + 1, 'latin1');
  const form = takeKnownForm(layout);
  const fieldsStart = baseEnd + 1 - start;
  return { message: scratch.subarray(start, end), fieldsStart, form, order: undefined };
}

/** Whether all of it is signed, and in no other form. */
export function isPlainUrl(url: string): boolean {
  return /^https?:\/\/[^/@?#][^@?#]*$/u.test(url);
}

/** The usual text that a V3 signature is of. Throws `malformed_body`, or `malformed_request` for the URL. */
export function v3Text(request: ReadRequest, nonce: string): SignedText {
  return joinText(request, signedBase(request.url), nonce);
}

/**
 * The other text that a V3 signature may be of. A POST without any parameter has one, since sources
 * differ on whether Plivo then writes a "?"; so has a WebSocket handshake, for which Plivo was seen
 * to sign `http:` in place of `wss:`.
 */
export function otherV3Text(
  request: ReadRequest,
  nonce: string,
  usual: SignedText,
): SignedText | undefined {
  const base = signedBase(request.url);
  if (/^wss?:/iu.test(base)) return joinText(request, base.replace(/^wss?/iu, 'http'), nonce);
  const isEmpty = 'count' in usual.form && usual.form.count === 0 && !request.url.includes('?');
  if (request.method === 'GET' || !isEmpty) return undefined;
  return { ...usual, message: withRoom(`${base}?.${nonce}`) };
}

/** What a V2 signature is of: the URL without its query, and the nonce. */
export function v2Text(request: ReadRequest, nonce: string): SignedText {
  // The fields are not signed; they are read as V3 would read them.
  const fields = joinText(request, '', '');
  return { ...fields, message: withRoom(signedBase(request.url) + nonce) };
}

function withRoom(text: string): Buffer {
  const message = Buffer.allocUnsafe(blockBytes + Buffer.byteLength(text));
  message.write(text, blockBytes, 'utf8');
  return message;
}

/** `base?query.body.nonce`: the "?" and the first dot only where there is something to separate. */
function joinText({ method, url, body }: ReadRequest, base: string, nonce: string): SignedText {
  if (method === 'GET' && body.length > 0) {
    throw new WebhookVerificationError(
      'malformed_request',
      'Plivo sends no body with a GET request.',
    );
  }
  const query = decodeQuery(url);
  const queryOrder = sortFields(query);
  const form = body.length === 0 ? emptyForm : decodeForm(body, 'body');
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
  const fieldsStart = at;
  at = writeFields(form, order, message, at);
  message[at++] = dot;
  message.write(nonce, at, 'latin1');
  return method === 'GET'
    ? { message, fieldsStart, form: query, order: undefined }
    : { message, fieldsStart, form, order };
}

function decodeQuery(url: string): Form {
  const start = url.indexOf('?');
  if (start < 0) return emptyForm;
  const fragment = url.indexOf('#');
  const end = fragment < 0 ? url.length : fragment;
  return decodeForm(Buffer.from(url.slice(start + 1, end)), 'query');
}
