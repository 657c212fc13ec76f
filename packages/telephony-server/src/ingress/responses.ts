import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { WebhookReply } from '@openclaw/telephony-core';
import type { Refusal } from './refusal.ts';

/** Answers a request whose body was read; says so when what it brought is on the disk. */
export function answer(
  response: ServerResponse,
  reply: WebhookReply | Refusal,
  isDurable = false,
): void {
  const { status, body = '' } = reply;
  const headers = headersOf(reply);
  if (isDurable) headers['x-telephony-accepted'] = 'durable';
  if (status !== 204) headers['content-length'] = Buffer.byteLength(body);
  response.writeHead(status, headers);
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

function headersOf(reply: WebhookReply | Refusal): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = {};
  if (reply.contentType !== undefined) headers['content-type'] = reply.contentType;
  if ('retryAfterSeconds' in reply && reply.retryAfterSeconds !== undefined) {
    headers['retry-after'] = String(reply.retryAfterSeconds);
  }
  return headers;
}
