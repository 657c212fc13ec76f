import { jsonReply } from '../carrier/json-reply.ts';
import type { LoopbackReply } from '../carrier/loopback-server.ts';
import type { Refusals } from '../carrier/reply-faults.ts';
import { apiErrors } from './api-errors.data.ts';
import { callErrors } from './call-errors.data.ts';

/** An error as Telnyx writes it into `errors`. */
export interface TelnyxErrorEntry {
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly source?: { readonly pointer: string };
  readonly meta: { readonly url: string };
}

/** A request that the API refuses, with Telnyx' number for the reason. */
export class ApiError extends Error {
  readonly code: number;
  readonly detail: string;
  readonly pointer: string | undefined;
  readonly errors: typeof apiErrors;

  /** @param pointer to the field that is wrong (RFC 6901) */
  constructor(code: number, detail = '', pointer?: string, errors = apiErrors) {
    super(`Telnyx error ${code}`);
    this.name = 'ApiError';
    this.code = code;
    this.detail = detail;
    this.pointer = pointer;
    this.errors = errors;
  }
}

/** An error about a call. */
export function callError(code: number, detail?: string, pointer?: string): ApiError {
  return new ApiError(code, detail, pointer, callErrors);
}

/** An error with its title and detail. */
export function errorEntry(
  code: number,
  detail = '',
  pointer?: string,
  errors = apiErrors,
): TelnyxErrorEntry {
  const [, title, sentence] = errors.get(code) ?? [400, 'Error', '{detail}'];
  return {
    code: String(code),
    title,
    detail: sentence.replace('{detail}', () => detail),
    ...(pointer === undefined ? {} : { source: { pointer } }),
    meta: { url: `https://developers.telnyx.com/docs/overview/errors/${code}` },
  };
}

/** An error in Telnyx' shape: `errors`, each with `code`, `title`, `detail`. */
export function errorReply({ code, detail, pointer, errors }: ApiError): LoopbackReply {
  const [status] = errors.get(code) ?? [400];
  const reply = jsonReply(status, { errors: [errorEntry(code, detail, pointer, errors)] });
  if (status !== 429) return reply;
  const headers = {
    'x-ratelimit-limit': '50',
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': '1',
  };
  return { ...reply, headers: { ...reply.headers, ...headers } };
}

/** A document as Telnyx answers it. */
export function dataReply(data: unknown, status = 200): LoopbackReply {
  return jsonReply(status, { data });
}

/** One page of a list. */
export function listReply(items: readonly unknown[], query: URLSearchParams): LoopbackReply {
  const number = readCount(query, 'number', 1);
  const size = readCount(query, 'size', 20);
  return jsonReply(200, {
    data: items.slice((number - 1) * size, number * size),
    meta: {
      page_number: number,
      page_size: size,
      total_pages: Math.ceil(items.length / size),
      total_results: items.length,
    },
  });
}

function readCount(query: URLSearchParams, name: string, otherwise: number): number {
  const value = query.get(`page[${name}]`);
  if (value === null) return otherwise;
  const count = Number(value);
  if (/^\d{1,6}$/u.test(value) && count >= 1) return count;
  throw new ApiError(10_015, `page[${name}] is not a number above 0`);
}

/** How Telnyx says no. */
export const refusals: Refusals = {
  error: (code) => errorReply(new ApiError(code)),
  failure: () => errorReply(new ApiError(10_007)),
  tooMany: () => errorReply(new ApiError(10_011)),
};
