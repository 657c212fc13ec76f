import type { IncomingMessage, ServerResponse } from 'node:http';
import type { WebhookReply } from '@openclaw/telephony-core';
import type { Refusal } from './refusal.ts';

/** Answers a request whose body was read. */
export function answer(response: ServerResponse, reply: WebhookReply | Refusal): void {
  const { status, body = '' } = reply;
  response.writeHead(status, {
    ...headersOf(reply),
    ...(status === 204 ? {} : { 'content-length': Buffer.byteLength(body) }),
  });
  response.end(status === 204 ? undefined : body);
}

/** Answers without reading the body, and closes: what still arrives is never read. */
export function refuse(response: ServerResponse, reply: Refusal, allow = 'POST'): void {
  const { status, body = '' } = reply;
  response.writeHead(status, {
    connection: 'close',
    ...headersOf(reply),
    'content-length': Buffer.byteLength(body),
    ...(status === 405 ? { allow } : {}),
  });
  response.end(body);
}

function headersOf(reply: WebhookReply | Refusal): { readonly [name: string]: string | number } {
  const { contentType } = reply;
  const seconds = 'retryAfterSeconds' in reply ? reply.retryAfterSeconds : undefined;
  return {
    ...(contentType === undefined ? {} : { 'content-type': contentType }),
    ...(seconds === undefined ? {} : { 'retry-after': seconds }),
  };
}

/** The headers of a request, each value of a repeated one included. */
export function toHeaders({ headersDistinct }: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, values] of Object.entries(headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  return headers;
}
