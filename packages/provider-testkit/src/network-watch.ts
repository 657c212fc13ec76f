import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { formatWithOptions } from 'node:util';

/** What Node announces whenever somebody begins to speak to the network, by fetch, node:http or a socket. */
const channels = ['undici:request:create', 'http.client.request.start', 'net.client.socket'];
const consoleMethods = ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const;

/** What happened past the stage. */
export interface Watched {
  readonly networkUse: readonly string[];
  readonly lines: readonly string[];
}

/**
 * Runs the work while the global `fetch` is out of reach, and the network and the console are watched.
 *
 * All three are global: two of these must not run at once.
 */
export async function watch(work: () => Promise<void>): Promise<Watched> {
  const networkUse: string[] = [];
  const lines: string[] = [];
  const onUse = (_: unknown, name: string | symbol): void => {
    networkUse.push(String(name));
  };
  const { fetch } = globalThis;
  const originals = consoleMethods.map((method) => [method, console[method]] as const);
  globalThis.fetch = () => {
    networkUse.push('the global fetch');
    return Promise.reject(new TypeError('the kit does not let a provider use the global fetch'));
  };
  for (const method of consoleMethods) {
    console[method] = (...words: unknown[]) => {
      lines.push(formatWithOptions({ depth: 16 }, ...words));
    };
  }
  for (const channel of channels) subscribe(channel, onUse);
  try {
    await work();
  } finally {
    for (const channel of channels) unsubscribe(channel, onUse);
    for (const [method, original] of originals) console[method] = original;
    globalThis.fetch = fetch;
  }
  return { networkUse, lines };
}
