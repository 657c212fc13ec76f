import { connect } from 'node:net';
import type { InboundMessage } from '@openclaw/telephony-core';
import { ada, ours, startServer } from '../src/running-server.testing.ts';
import { mutate, seededRandom, type WireRequest } from './mutations.ts';
import type { Scheme } from './schemes.ts';

/** What came of a bombardment. */
export interface Verdict {
  /** How many answers had each status; 0: none, the connection was closed. */
  readonly answers: ReadonlyMap<number, number>;
  /** Requests that were answered with a 5xx, or took in something that nobody signed. */
  readonly wrong: readonly string[];
  /** Texts that came through, because what was changed is not what is signed. */
  readonly admitted: number;
}

const genuineText = (index: number): string => `genuine ${index}`;

/** Throws so many changed requests at a server on a real socket, and looks at what it says and what it takes in. */
export async function bombard(options: {
  readonly scheme: Scheme;
  readonly count: number;
  readonly seed: number;
  readonly concurrency?: number;
}): Promise<Verdict> {
  const { scheme, count, seed, concurrency = 32 } = options;
  const random = seededRandom(seed);
  const answers = new Map<number, number>();
  const wrong: string[] = [];
  const handled: InboundMessage[] = [];
  const running = await startServer({
    change: (provider) => ({ ...provider, webhooks: scheme.receiver }),
    limits: {
      failuresPerMinute: Infinity,
      textsPerSenderPerMinute: Infinity,
      textsPerNumberPerMinute: Infinity,
    },
    onMessage: (message) => void handled.push(message),
  });
  const port = Number(new URL(running.listener.url).port);

  let next = 0;
  async function worker(): Promise<void> {
    while (next < count) {
      const index = next;
      next += 1;
      const bytes = mutate(genuineRequest(scheme, index), random);
      const reply = await exchange(port, bytes);
      const statuses = [...reply.matchAll(/^HTTP\/1\.1 (\d{3}) /gmu)].map(([, s]) => Number(s));
      for (const status of statuses.length === 0 ? [0] : statuses) {
        answers.set(status, (answers.get(status) ?? 0) + 1);
        if (status >= 500) wrong.push(`${scheme.name}, seed ${seed}, request ${index}: ${status}`);
      }
    }
  }
  await Promise.all(Array.from({ length: concurrency }, worker));
  await running.server.idle();
  for (const { id, from, to, text } of handled) {
    const index = Number(id.replace('m-', ''));
    const isGenuine = from === ada && to === ours && text === genuineText(index);
    if (!isGenuine) wrong.push(`${scheme.name}, seed ${seed}: ${id} was taken in and not signed`);
  }
  await running.close();
  return { answers, wrong, admitted: handled.length };
}

function genuineRequest(scheme: Scheme, index: number): WireRequest {
  const { contentType, body, headers } = scheme.genuine(`m-${index}`, genuineText(index));
  return {
    line: 'POST /telephony/webhook HTTP/1.1',
    headers: [
      'Host: localhost',
      `Content-Type: ${contentType}`,
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      `Content-Length: ${Buffer.byteLength(body)}`,
    ],
    body: Buffer.from(body),
  };
}

/** Writes, closes its half, and returns what comes back until the other half is closed as well. */
function exchange(port: number, bytes: Buffer): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    let reply = '';
    socket.setEncoding('latin1');
    socket.on('error', () => undefined);
    socket.on('data', (chunk: string) => {
      reply += chunk;
    });
    socket.on('close', () => resolve(reply));
    socket.end(bytes);
  });
}
