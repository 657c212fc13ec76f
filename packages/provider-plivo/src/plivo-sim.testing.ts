import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import {
  type PlivoSim,
  type PlivoSimOptions,
  startPlivoSim,
  type WebhookMessage,
} from '@openclaw/carrier-sim';
import type { TelephonyEvent, WebhookRequest } from '@openclaw/telephony-core';
import { afterEach } from 'vitest';
import { authId, authToken, create, ourNumber, powerpackUuid } from './fake-plivo.testing.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});
const { webhooks } = create();

/** What a server does with a request: the events of a genuine one, and the status of the answer. */
async function receive(request: IncomingMessage, events: TelephonyEvent[]): Promise<number> {
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(request.headersDistinct)) {
    for (const value of values) headers.append(name, value);
  }
  const received: WebhookRequest = {
    method: request.method ?? '',
    url: `http://${request.headers.host}${request.url}`,
    headers,
    body: await buffer(request),
    receivedAt: new Date(),
  };
  try {
    events.push(...webhooks.parse(webhooks.verify(received)));
    return webhooks.acknowledgement.status;
  } catch {
    return 403;
  }
}

function reply(response: ServerResponse, status: number): void {
  const { contentType = '', body } = webhooks.acknowledgement;
  if (status === 403) response.writeHead(403).end();
  else response.writeHead(status, { 'content-type': contentType }).end(body);
}

/** Our side: a real HTTP server that verifies, parses and acknowledges. */
export async function listen() {
  const events: TelephonyEvent[] = [];
  const server = createServer((request, response) => {
    void receive(request, events).then((status) => reply(response, status));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return { events, url: new URL(`http://127.0.0.1:${port}/telephony/webhook`) };
}

/** A simulated Plivo with our number, closed after the test. */
export async function startSim(options: Partial<PlivoSimOptions> = {}): Promise<PlivoSim> {
  const numbers = [{ number: ourNumber, powerpackUuid }];
  const sim = await startPlivoSim({ authId, authToken, numbers, ...options });
  closers.push(() => sim.close());
  return sim;
}
/** A provider that speaks to the simulated Plivo. */
export const providerOf = ({ baseUrl }: PlivoSim) => create({ baseUrl });

/** What the simulated Plivo sends, as a server sees it. */
export function toRequest({ method, url, headers, body }: WebhookMessage): WebhookRequest {
  const received = new Headers(headers.map(([name, value]): [string, string] => [name, value]));
  return { method, url, headers: received, body, receivedAt: new Date(0) };
}
