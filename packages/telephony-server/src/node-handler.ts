import type { IncomingMessage, ServerResponse } from 'node:http';
import type { WebhookReply } from '@openclaw/telephony-core';
import type { Admission } from './admission.ts';
import { type Ingress, refusal } from './ingress.ts';
import { type Logger, reasonOf } from './logger.ts';
import { type BodyLimits, readBody } from './request-body.ts';
import type { Route, Router } from './routes.ts';
import type { SignedUrl } from './signed-url.ts';

/** What {@link createNodeHandler} takes. */
export interface NodeHandlerOptions {
  readonly findRoute: Router;
  readonly admission: Admission;
  readonly ingress: Ingress;
  readonly signedUrl: SignedUrl;
  /** Aborted when the server closes: webhooks are asked to come again. */
  readonly closing: AbortSignal;
  readonly now: () => Date;
  readonly logger: Logger;
  /** Default 64 KiB and 5 s. */
  readonly body?: BodyLimits;
}

/** A request listener for `node:http`, and for anything that takes one. */
export type NodeHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** Makes the way from a socket to the ingress: path, headers, a place, then the body. */
export function createNodeHandler(options: NodeHandlerOptions): NodeHandler {
  const { findRoute, admission, ingress, signedUrl, closing, now, logger } = options;
  const limits = options.body ?? { maxBytes: 64 * 1024, timeoutMs: 5000 };

  async function receive(
    request: IncomingMessage,
    response: ServerResponse,
    route: Exclude<Route, { readonly kind: 'health' }>,
  ): Promise<void> {
    const body = await readBody(request, limits);
    if (body === 'too-large') return refuse(response, refusal(413, 'the body is too large'));
    if (body === 'too-slow') return refuse(response, refusal(408, 'the body came too slowly'));
    if (body === 'aborted') return void response.destroy();
    const url = signedUrl(request, route);
    if (url === undefined) return refuse(response, refusal(400, 'no usable Host header'));
    const reply = await ingress(
      {
        method: request.method ?? 'POST',
        url,
        headers: toHeaders(request),
        body,
        receivedAt: now(),
      },
      route.kind === 'receipt' ? route.sendRef : undefined,
    );
    answer(response, reply);
  }

  return (request, response) => {
    const found = findRoute(request.url ?? '');
    if (found === 'malformed') return refuse(response, refusal(400, 'not a path'));
    if (found === undefined) return refuse(response, refusal(404, 'not found'));
    if (found.kind === 'health') {
      if (request.method === 'GET' || request.method === 'HEAD') return answer(response, alive);
      return refuse(response, refusal(405, 'only GET is answered here'), 'GET, HEAD');
    }
    if (closing.aborted) return refuse(response, refusal(503, 'closing: try again later'));
    const peer = request.socket.remoteAddress ?? '';
    const refused = admission.enter(request, peer);
    if (refused) return refuse(response, refused);
    if (request.headers.expect !== undefined) response.writeContinue();
    receive(request, response, found)
      .catch((error: unknown) => {
        logger.error({ reason: reasonOf(error) }, 'webhook failed');
        if (!response.headersSent) refuse(response, refusal(500, 'failed'));
      })
      .finally(() => admission.leave(peer));
  };
}

const alive: WebhookReply = { status: 200, contentType: 'application/json', body: '{"ok":true}\n' };

function answer(response: ServerResponse, { status, contentType, body = '' }: WebhookReply): void {
  response.writeHead(status, {
    ...(contentType === undefined ? {} : { 'content-type': contentType }),
    ...(status === 204 ? {} : { 'content-length': Buffer.byteLength(body) }),
  });
  response.end(status === 204 ? undefined : body);
}

/** Answers without reading the body, and closes: what still arrives is never read. */
function refuse(
  response: ServerResponse,
  { status, contentType, body = '' }: WebhookReply,
  allow = 'POST',
): void {
  response.writeHead(status, {
    connection: 'close',
    'content-length': Buffer.byteLength(body),
    ...(contentType === undefined ? {} : { 'content-type': contentType }),
    ...(status === 405 ? { allow } : {}),
    ...(status === 429 ? { 'retry-after': '1' } : {}),
  });
  response.end(body);
}

function toHeaders({ headersDistinct }: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, values] of Object.entries(headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  return headers;
}
