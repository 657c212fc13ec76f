import { buffer } from 'node:stream/consumers';
import type { IncomingMessage } from 'node:http';
import {
  TelephonyError,
  type TelephonyEvent,
  type TelephonyProvider,
} from '@openclaw/telephony-core';
import { serve } from './loopback-server.ts';

/** What {@link listenForWebhooks} takes. */
export interface WebhookListenerOptions {
  readonly webhooks: TelephonyProvider['webhooks'];
  /** When webhooks are received; default: the real time. */
  readonly now?: () => Date;
  /** How many webhooks are read and then answered with 503, as by a server that is about to fail; default 0. */
  readonly failureCount?: number;
}

/** Our side of a round trip. */
export interface WebhookListener {
  /** Where the carrier posts. */
  readonly url: URL;
  /** What genuine webhooks became, in the order in which they came. */
  readonly events: readonly TelephonyEvent[];
  readonly close: () => Promise<void>;
}

/** A real HTTP server on this machine that verifies, parses and acknowledges, and refuses with 403 what is forged. */
export async function listenForWebhooks({
  webhooks,
  now = () => new Date(),
  failureCount = 0,
}: WebhookListenerOptions): Promise<WebhookListener> {
  const events: TelephonyEvent[] = [];
  let failuresLeft = failureCount;
  const receive = async (request: IncomingMessage): Promise<number> => {
    const received = {
      method: request.method ?? '',
      url: `http://${request.headers.host}${request.url}`,
      headers: headersOf(request),
      body: await buffer(request),
      receivedAt: now(),
    };
    try {
      events.push(...webhooks.parse(webhooks.verify(received)));
      return webhooks.acknowledgement.status;
    } catch (error) {
      return TelephonyError.isInstance(error) ? 403 : 500;
    }
  };
  const server = await serve(async (request, response) => {
    const { contentType, body } = webhooks.acknowledgement;
    const status = await receive(request);
    failuresLeft -= 1;
    if (failuresLeft >= 0) response.writeHead(503).end();
    else if (status >= 400) response.writeHead(status).end();
    else {
      const headers = contentType === undefined ? {} : { 'content-type': contentType };
      response.writeHead(status, headers).end(body);
    }
  });
  return { url: new URL('/telephony/webhook', server.origin), events, close: server.close };
}

function headersOf({ headersDistinct }: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(headersDistinct)) {
    for (const value of values) headers.append(name, value);
  }
  return headers;
}
