import {
  type Account,
  type ConfiguredServers,
  createConfiguredServers,
} from '@openclaw/telephony-config';
import {
  type Logger,
  type MessageHandler,
  mountStatusPages,
  type NodeHandler,
} from '@openclaw/telephony-server';
import type { Database } from '../database.ts';
import type { ServerMetrics } from '../server-metrics.ts';
import { openMediaHost, reachedAt } from '../workplace.ts';

/** What {@link createHosting} takes. */
export interface HostingOptions {
  readonly accounts: readonly Account[];
  readonly database: Database;
  readonly onMessage: MessageHandler;
  readonly logger: Logger;
  readonly metrics: ServerMetrics;
  /** How long handlers may go on after they were asked to end, in milliseconds. */
  readonly graceMs: number;
}

/** The servers of all accounts behind one handler, which may get another public address while they run. */
export interface Hosting {
  /** Answers 503 until the servers are there: the carrier asks again. */
  readonly handler: NodeHandler;
  readonly current: () => ConfiguredServers;
  /**
   * Makes and starts the servers, or makes them anew for another address. What arrives meanwhile is stored by the new
   * ones; what was under way is finished by the old ones first.
   *
   * @param origin what a tunnel gave us; it goes before the written addresses
   */
  open(origin: string | undefined): Promise<void>;
  /**
   * Makes the servers of a configuration that has changed. They take over when the result is called; until then everything
   * goes on as before.
   *
   * @throws {ConfigError} when they cannot be made
   */
  prepare(origin: string | undefined, accounts: readonly Account[]): () => Promise<void>;
  /** Finishes what is under way. */
  close(): Promise<void>;
}

/** Makes the place that accounts are served from. */
export function createHosting(options: HostingOptions): Hosting {
  const { database, onMessage, logger, metrics, graceMs } = options;
  let { accounts } = options;
  let current: Generation | undefined;
  let isClosing = false;

  function make(origin: string | undefined, served: readonly Account[]): Generation {
    const closers: (() => void)[] = [];
    const makeServers = (): ConfiguredServers =>
      createConfiguredServers(
        served.map(({ id, config, isSwitchedOff }) => ({
          id,
          config: reachedAt(config, origin),
          isSwitchedOff,
        })),
        (account) => {
          const mediaHost = openMediaHost(database, account);
          if (mediaHost !== undefined) closers.push(() => mediaHost.close());
          return {
            store: database.store,
            onMessage,
            logger,
            metrics: metrics.metrics,
            ...(mediaHost === undefined ? {} : { mediaHost }),
          };
        },
      );
    let servers: ConfiguredServers;
    try {
      servers = makeServers();
    } catch (error) {
      for (const close of closers) close();
      throw error;
    }
    const { renderMetrics } = metrics;
    const running = servers.servers.map(({ server }) => server);
    return {
      servers,
      handler: mountStatusPages(running, servers.handler, { renderMetrics, logger }),
      async close() {
        await servers.close({ graceMs });
        for (const close of closers) close();
      },
    };
  }

  async function takeOver(next: Generation): Promise<void> {
    const old = current;
    // The new ones take in at once, because whoever calls now calls the new address. They begin to work when the old
    // ones have ended, so that nothing is paced or handled by both.
    current = next;
    await old?.close();
    if (!isClosing) next.servers.start();
  }

  return {
    handler(request, response) {
      if (current !== undefined) return current.handler(request, response);
      response.writeHead(503, { 'retry-after': '5', 'content-length': 0, connection: 'close' });
      response.end();
    },
    current() {
      if (current === undefined) throw new Error('the servers are not there yet');
      return current.servers;
    },
    async open(origin) {
      await takeOver(make(origin, accounts));
    },
    prepare(origin, others) {
      const next = make(origin, others);
      return () => {
        accounts = others;
        metrics.forgetGauges();
        return takeOver(next);
      };
    },
    async close() {
      isClosing = true;
      await current?.close();
    },
  };
}

interface Generation {
  readonly servers: ConfiguredServers;
  readonly handler: NodeHandler;
  close(): Promise<void>;
}
