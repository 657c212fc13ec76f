import { formatWithOptions } from 'node:util';
import { createFetchTransport, type HttpTransport } from '@openclaw/telephony-core';
import type { Answer } from './answers.ts';
import { contractValues } from './contract-values.ts';
import type { RecordedRequest, Stage } from './fixtures.ts';

/** A stage, and what was seen on it. */
export interface ScriptedStage extends Stage {
  readonly requests: readonly RecordedRequest[];
  readonly lines: readonly string[];
}

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** As many as fetch follows. */
const maxRedirectCount = 20;

/** What a stage may do otherwise. */
export interface StageOptions {
  readonly onRequest?: (request: RecordedRequest) => void;
  /** True for a transport that hands out a response before it has arrived whole; default false. */
  readonly readsLate?: boolean;
}

/** Makes a stage whose fetch answers every request alike, however often it is asked. */
export function createStage(
  answer: Answer,
  { onRequest, readsLate = false }: StageOptions = {},
): ScriptedStage {
  const requests: RecordedRequest[] = [];
  const lines: string[] = [];

  const ask = async (
    input: string | URL | Request,
    init: RequestInit | undefined,
  ): Promise<Response> => {
    const request = new Request(input, init);
    const signal = init?.signal ?? undefined;
    signal?.throwIfAborted();
    const recorded: RecordedRequest = {
      method: request.method,
      url: new URL(request.url),
      // `Request` adds a content type of its own; what counts is what the provider wrote.
      headers: input instanceof Request ? request.headers : new Headers(init?.headers),
      body: await request.text(),
    };
    requests.push(recorded);
    onRequest?.(recorded);
    const response = await answer(recorded, signal);
    const location = response.headers.get('location');
    const follows = request.redirect === 'follow' && redirects.has(response.status);
    if (!follows || location === null || requests.length > maxRedirectCount) return response;
    return ask(new URL(location, request.url), { ...init, headers: recorded.headers });
  };

  const fetch: typeof globalThis.fetch = (input, init) => ask(input, init);
  return {
    requests,
    lines,
    fetch,
    transport: readsLate ? createLateTransport(fetch) : createFetchTransport({ fetch }),
    now: () => new Date(contractValues.now),
    log: (...words) => {
      lines.push(formatWithOptions({ depth: 16 }, ...words));
    },
  };
}

/** A client that is content with the headers: what breaks after them, breaks when the text is read. */
function createLateTransport(fetch: typeof globalThis.fetch): HttpTransport {
  return async ({ url, ...request }) => {
    const response = await fetch(url, { ...request, redirect: 'manual' });
    return {
      status: response.status,
      header: (name) => response.headers.get(name) ?? undefined,
      text: () => response.text(),
    };
  };
}
