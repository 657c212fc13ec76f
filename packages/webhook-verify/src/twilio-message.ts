import { WebhookVerificationError } from './error.ts';
import { decodeForm, emptyForm, formEnd, type Form } from './form.ts';
import { sortFields } from './form-order.ts';
import { dropTwins, writeFields } from './form-text.ts';
import { blockBytes } from './hmac.ts';
import {
  loadForm,
  takeKnownForm,
  writeKnownFields,
  writeKnownUrl,
  type KnownForm,
} from './known-form.ts';
import type { Layouts } from './layouts.ts';
import { findHeader, type ReadRequest, type WebhookHeaders } from './request.ts';
import { maxKnownFormBytes, maxKnownUrlLength, scratch } from './scratch.ts';
import { isSignableUrl, requireSignableUrl, signedBodyDigest } from './twilio-url.ts';

/** What a request's signature is of. */
export interface SignedText {
  /** The URL and the fields, with room for the HMAC key in front. */
  readonly message: Buffer;
  /** Where in it the fields start. */
  readonly fieldsStart: number;
  /** Undefined when the body is not a form. */
  readonly form: Form | KnownForm | undefined;
  /** In which order the fields of a form are signed, unless its layout was known. */
  readonly order: readonly number[] | undefined;
}

const formType = 'application/x-www-form-urlencoded';
const formTypeShape = /^application\/x-www-form-urlencoded\s*(?:;|$)/iu;

function isFormType(headers: WebhookHeaders): boolean {
  const contentType = findHeader(headers, 'content-type') ?? formType;
  return contentType === formType || formTypeShape.test(contentType);
}

/**
 * The signed text of a form whose layout is known; undefined for any other request. It stands in the
 * scratch memory, which must be wiped in either case.
 */
export function knownText(
  { method, url, headers, body }: ReadRequest,
  layouts: Layouts,
): SignedText | undefined {
  if (body.length > maxKnownFormBytes || url.length > maxKnownUrlLength) return undefined;
  if (method !== 'POST' || !isFormType(headers)) return undefined;
  const start = loadForm(body);
  const layout = layouts.find();
  if (layout === undefined || (url !== layout.url && !isFormUrl(url))) return undefined;
  const fieldsStart = writeKnownUrl(layout, url, start + blockBytes);
  const end = writeKnownFields(layout, fieldsStart);
  if (end < 0) return undefined;
  return {
    message: scratch.subarray(start, end),
    fieldsStart: fieldsStart - start,
    form: takeKnownForm(layout),
    order: undefined,
  };
}

function isFormUrl(url: string): boolean {
  return isSignableUrl(url) && signedBodyDigest(url) === undefined;
}

/**
 * The signed text of any request. Throws `malformed_request`, `malformed_body`, or
 * `body_digest_mismatch` for a body that nothing authenticates.
 */
export function toSignedText({ method, url, headers, body }: ReadRequest): SignedText {
  requireSignableUrl(url);
  if (signedBodyDigest(url) !== undefined || body.length === 0) {
    return { ...joinText(url, emptyForm, []), form: undefined };
  }
  if (method === 'GET') {
    throw new WebhookVerificationError(
      'malformed_request',
      'Twilio sends no body with a GET request.',
    );
  }
  if (!isFormType(headers)) {
    throw new WebhookVerificationError(
      'body_digest_mismatch',
      'The body is not a form, and the URL has no bodySHA256 that would authenticate it.',
    );
  }
  const form = decodeForm(body, 'body');
  return joinText(url, form, dropTwins(form, sortFields(form)));
}

function joinText(url: string, form: Form, order: readonly number[]): SignedText {
  const fieldsStart = blockBytes + Buffer.byteLength(url);
  const memory = Buffer.allocUnsafe(fieldsStart + formEnd(form));
  memory.write(url, blockBytes, 'utf8');
  const message = memory.subarray(0, writeFields(form, order, memory, fieldsStart));
  return { message, fieldsStart, form, order };
}
