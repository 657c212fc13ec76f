import { jsonReply } from '../carrier/json-reply.ts';
import type { LoopbackReply } from '../carrier/loopback-server.ts';
import { type Random, randomUuid } from '../carrier/random-id.ts';
import type { Refusals } from '../carrier/reply-faults.ts';

/** A request that the API refuses. Plivo has no numbers for reasons, only the HTTP status and a sentence. */
export class ApiError extends Error {
  readonly status: number;

  constructor(status: number, sentence = sentences.get(status) ?? 'the request was refused') {
    super(sentence);
    this.name = 'ApiError';
    this.status = status;
  }
}

const sentences: ReadonlyMap<number, string> = new Map([
  [400, 'the request is not valid'],
  [401, 'authentication failed'],
  [402, 'the account has not enough credit'],
  [403, 'the account may not reach this country'],
  [404, 'not found'],
  [405, 'the method is not allowed here'],
  [429, 'too many requests'],
  [500, 'the service failed'],
  [501, 'not simulated by carrier-sim'],
]);

/** Writes answers as one account gets them, each with an identifier of its own. */
export interface ApiReplies {
  /** An error in Plivo's shape: `api_id`, `error`. */
  error(error: ApiError): LoopbackReply;
  /** A document, with `api_id` beside its own fields. */
  document(status: number, fields: Readonly<Record<string, unknown>>): LoopbackReply;
  /** One page of a list. */
  list(items: readonly unknown[], path: string, query: URLSearchParams): LoopbackReply;
}

/** Makes the writer. */
export function createApiReplies(random: Random): ApiReplies {
  const document: ApiReplies['document'] = (status, fields) =>
    jsonReply(status, { api_id: randomUuid(random), ...fields });
  return {
    document,
    error: ({ status, message }) => document(status, { error: message }),
    list(items, path, query) {
      const limit = readCount(query, 'limit', 20);
      const offset = readCount(query, 'offset', 0);
      const page = (from: number): string => `${path}?limit=${limit}&offset=${from}`;
      const meta = {
        limit,
        offset,
        total_count: items.length,
        previous: offset > 0 ? page(Math.max(0, offset - limit)) : null,
        next: offset + limit < items.length ? page(offset + limit) : null,
      };
      return document(200, { meta, objects: items.slice(offset, offset + limit) });
    },
  };
}

function readCount(query: URLSearchParams, name: 'limit' | 'offset', otherwise: number): number {
  const value = query.get(name);
  if (value === null) return otherwise;
  const count = Number(value);
  const isGood = /^\d{1,6}$/u.test(value) && (name === 'offset' || (count >= 1 && count <= 20));
  if (isGood) return count;
  throw new ApiError(400, `${name} is not a number that is allowed`);
}

/** How Plivo says no. The number of an `error` is its HTTP status. */
export function createRefusals(replies: ApiReplies): Refusals {
  return {
    error: (code) => replies.error(new ApiError(code)),
    failure: () => replies.error(new ApiError(500)),
    tooMany: () => replies.error(new ApiError(429)),
  };
}
