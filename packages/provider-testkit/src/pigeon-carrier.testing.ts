import type { IncomingMessage, ServerResponse } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import { contractValues } from './contract-values.ts';
import { serve } from './loopback-server.ts';
import { parseRecord, pigeon } from './pigeon-messaging.testing.ts';
import { signPigeonWebhook } from './pigeon-webhooks.testing.ts';
import type { LineFault, LoopbackCarrier, SentWebhook } from './round-trip-fixtures.ts';

/** What signs the webhooks of the pigeon on this machine. */
export const pigeonSecret = 'first-secret';

const messagePath = /^\/messages\/(?<id>[\w-]+)$/u;
const numberPath = /^\/numbers\/(?<number>\+\d+)$/u;
const refusals: Readonly<Record<string, number>> = { '+15005550001': 422, '+15005550004': 410 };
const failing = '+15005551003';

interface Sent {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly body: string;
  readonly callback: string | undefined;
  status: string;
}

/** The pigeon, as it really speaks HTTP: just enough of it for a round trip. */
export async function startPigeonCarrier(): Promise<LoopbackCarrier> {
  const messages: Sent[] = [];
  const faults: LineFault[] = [];
  const files = new Map<string, Uint8Array>();
  const stopped = new Set<string>();
  const underWay: Promise<unknown>[] = [];
  let messageUrl = '';

  const cdn = await serve((request, response) => {
    response.writeHead(200, { 'content-type': 'image/png' }).end(files.get(request.url ?? ''));
  });

  const accept = (fields: Readonly<Record<string, unknown>>): Sent | number => {
    const { from, to, text: body = '', callback } = fields;
    if (typeof from !== 'string' || typeof to !== 'string' || typeof body !== 'string') return 400;
    const refusal = refusals[to] ?? (stopped.has(to) ? 410 : undefined);
    if (refusal !== undefined) return refusal;
    if (from !== contractValues.ownNumber) return 418;
    const id = `m-${messages.length + 1}`;
    const url = typeof callback === 'string' ? callback : undefined;
    const sent = { id, from, to, body, callback: url, status: 'queued' };
    messages.push(sent);
    return sent;
  };
  const travel = async (sent: Sent): Promise<void> => {
    for (const status of ['sent', sent.to === failing ? 'failed' : 'delivered']) {
      sent.status = status;
      if (sent.callback === undefined) continue;
      const code = status === 'failed' ? { code: '30003' } : {};
      await post(signed(sent.callback, { id: sent.id, status, ...code }));
    }
  };

  const send = (fields: Readonly<Record<string, unknown>>, response: ServerResponse): void => {
    const fault = faults.shift();
    const isEarly =
      fault !== undefined &&
      (fault.kind === 'drop-before-accept' ||
        fault.kind === 'status-429' ||
        fault.kind === 'error' ||
        fault.kind === 'html' ||
        fault.kind === 'slow' ||
        (fault.kind === 'status-500' && fault.afterAccept !== true));
    const sent = isEarly ? 500 : accept(fields);
    if (fault !== undefined) return fail(fault, response);
    if (typeof sent === 'number') return reply(response, sent, { code: `P${sent}` });
    underWay.push(travel(sent));
    reply(response, 201, { id: sent.id, status: 'queued' });
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method, url = '', headers } = request;
    const fields = parseRecord(await textOf(request)) ?? {};
    if (files.has(url)) {
      response.writeHead(302, { location: `${cdn.origin}${url}` }).end();
    } else if (headers.authorization !== `Bearer ${pigeon.apiKey}`) {
      reply(response, 401, { code: 'P401' });
    } else if (method === 'POST' && url === '/messages') {
      send(fields, response);
    } else if (numberPath.exec(url)?.groups?.['number'] === contractValues.ownNumber) {
      if (typeof fields['url'] === 'string') messageUrl = fields['url'];
      reply(response, 200, { url: messageUrl });
    } else {
      const id = messagePath.exec(url)?.groups?.['id'];
      const { status, to } = messages.find((message) => message.id === id) ?? {};
      const code = to === failing ? { code: '30003' } : {};
      if (status === undefined) reply(response, 404, { code: 'P404' });
      else reply(response, 200, { id, status, ...code });
    }
  };
  const api = await serve(answer);

  return {
    baseUrl: api.origin,
    messages,
    get cdnRequests() {
      return cdn.requests.map(({ headers }) => headers);
    },
    faults: { add: (fault) => void faults.push(fault) },
    setNumber: (_, change) => void ({ messageUrl } = change),
    async text({ from, to, text = '', media = [] }) {
      const isStop = text === 'Stop';
      if (isStop) stopped.add(from);
      const urls = media.map(({ bytes }, index) => {
        files.set(`/media/${index}`, bytes);
        return `${api.origin}/media/${index}`;
      });
      const id = 'in-1';
      const optOut = isStop ? { optOut: 'stop' } : {};
      const request = signed(messageUrl, { id, from, to, text, media: urls.join(' '), ...optOut });
      const { status } = await post(request);
      return { id, request, acknowledged: status < 300 };
    },
    async redeliver({ request }) {
      if (request !== undefined) await post(request);
    },
    forge({ request }) {
      if (request === undefined) throw new RangeError('there was no webhook');
      const body = Uint8Array.from(request.body);
      body[body.length - 3] = 0x7a;
      return { ...request, body };
    },
    post,
    async settled() {
      await Promise.all(underWay);
    },
    async close() {
      await Promise.all([api.close(), cdn.close()]);
    },
  };
}

function signed(url: string, fields: Readonly<Record<string, string>>): SentWebhook {
  const body = JSON.stringify(fields);
  const now = contractValues.now;
  const headers = signPigeonWebhook({ method: 'POST', url, body }, pigeonSecret, now, 'bytes');
  return {
    method: 'POST',
    url,
    headers: Object.entries(headers),
    body: new TextEncoder().encode(body),
  };
}

async function post({ method, url, headers, body }: SentWebhook): Promise<{ status: number }> {
  const response = await fetch(url, {
    method,
    headers: headers.map(([name, value]): [string, string] => [name, value]),
    body: Uint8Array.from(body),
  });
  await response.arrayBuffer();
  return { status: response.status };
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function fail(fault: LineFault, response: ServerResponse): void {
  switch (fault.kind) {
    case 'status-500':
      return reply(response, 500, { code: 'P500' });
    case 'html':
      response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad Gateway</h1>');
      return undefined;
    case 'status-429': {
      const seconds = fault.retryAfterSeconds;
      response
        .writeHead(429, seconds === undefined ? {} : { 'retry-after': String(seconds) })
        .end();
      return undefined;
    }
    case 'error':
      return reply(response, fault.code, { code: `P${fault.code}` });
    case 'slow':
      // Whoever waits gives up first; the server closes what is left.
      return undefined;
    case 'cut-off-json':
      response.writeHead(201).end('{"id":"m-');
      return undefined;
    case 'cut-off-reply':
      response.writeHead(201, { 'content-length': '100' }).write('{"id":"m-');
      response.destroy();
      return undefined;
    case 'drop-before-accept':
    case 'drop-after-accept':
      response.destroy();
      return undefined;
  }
}
