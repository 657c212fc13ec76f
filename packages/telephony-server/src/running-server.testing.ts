import { request as httpRequest } from 'node:http';
import {
  createMockProvider,
  createMockWebhook,
  type MockProvider,
  type MockReceipt,
  type MockText,
} from '@openclaw/provider-mock';
import {
  type InboundMessage,
  type MessagingCapabilities,
  parseE164,
  type TelephonyProvider,
} from '@openclaw/telephony-core';
import { createMemoryStore, type TelephonyStore } from '@openclaw/telephony-store';
import type { AccessControl } from './inbox/access.ts';
import type { Reply } from './inbox/message-handler.ts';
import { listen, type Listener } from './ingress/listen.ts';
import type { LogFields, Logger } from './observe/logger.ts';
import { createTelephonyServer } from './server.ts';
import type { TelephonyServer, TelephonyServerOptions } from './server-types.ts';

export const ours = parseE164('+15550100100');
export const ada = parseE164('+15550100123');
const secret = 'only-for-tests';

/** A server with a mock carrier behind a real socket. */
export interface RunningServer {
  readonly server: TelephonyServer;
  readonly provider: MockProvider;
  readonly store: TelephonyStore;
  readonly listener: Listener;
  readonly lines: readonly string[];
  /** Posts a signed text; every call is a new one unless `id` says otherwise. */
  text(words: string, over?: Partial<MockText>): Promise<Answer>;
  receipt(receipt: Omit<MockReceipt, 'type'>, path?: string): Promise<Answer>;
  post(options: PostOptions): Promise<Answer>;
  /** What was sent, once nothing is left to do. */
  sent(): Promise<readonly (string | undefined)[]>;
  close(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: { readonly [name: string]: string | string[] | undefined };
}
export interface PostOptions {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: string | Uint8Array;
}

export const everybody: AccessControl = {
  decide: () => Promise.resolve({ access: 'allow' }),
  admits: () => Promise.resolve(true),
};
export const echo = async ({ text }: InboundMessage, reply: Reply): Promise<void> => {
  await reply(`echo ${text}`);
};

/** Starts one; close it. */
export async function startServer(
  options: Partial<TelephonyServerOptions> & {
    readonly capabilities?: Partial<MessagingCapabilities>;
    readonly idle?: boolean;
    /** Puts another provider in the place of the mock. */
    readonly change?: (provider: MockProvider) => TelephonyProvider;
  } = {},
): Promise<RunningServer> {
  const { capabilities, idle, change, ...over } = options;
  const provider = createMockProvider({
    webhookSecret: secret,
    capabilities: { deliveryReceipts: 'per-message-url', ...capabilities },
  });
  const store = over.store ?? createMemoryStore();
  const lines: string[] = [];
  const server = createTelephonyServer({
    provider: change?.(provider) ?? provider,
    sender: { kind: 'number', address: ours },
    store,
    access: everybody,
    onMessage: echo,
    logger: recorder(lines),
    random: () => 0,
    outbound: { segmentsPerSecond: Infinity },
    ...over,
  });
  if (idle !== true) server.start();
  const listener = await listen(server.handler, { port: 0, bind: '127.0.0.1' });
  let count = 0;
  const post = (wanted: PostOptions): Promise<Answer> => send(listener.url, wanted);
  const postMock = (body: MockText | MockReceipt, path = '/telephony/webhook'): Promise<Answer> => {
    const request = createMockWebhook(body, { secret });
    return post({ path, headers: Object.fromEntries(request.headers), body: request.body });
  };
  return {
    server,
    provider,
    store,
    listener,
    lines,
    post,
    text(words, fields = {}) {
      count += 1;
      const id = `in-${count}`;
      return postMock({
        type: 'message.received',
        id,
        from: ada,
        to: ours,
        text: words,
        ...fields,
      });
    },
    receipt: (receipt, path) => postMock({ type: 'message.status', ...receipt }, path),
    async sent() {
      await server.idle();
      await server.idle();
      return provider.sent.map(({ message }) => message.text);
    },
    async close() {
      await listener.close();
      await server.close();
      await store.close();
    },
  };
}

function recorder(lines: string[]): Logger {
  const write =
    (level: string) =>
    (fields: LogFields, message: string): void => {
      lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
    };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

/** `fetch` hides too much of HTTP for these tests. */
function send(
  origin: string,
  { method = 'POST', path = '/telephony/webhook', headers = {}, body }: PostOptions,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(origin);
    const request = httpRequest(
      { hostname, port, method, path, headers, agent: false },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body: text, headers: response.headers }),
        );
        response.on('error', reject);
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}
