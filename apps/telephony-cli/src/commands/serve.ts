import type { Account } from '@openclaw/telephony-config';
import type { TunnelProvider } from '@openclaw/dev-tunnel';
import { type Listener, listen, type Logger, type NodeHandler } from '@openclaw/telephony-server';
import { type Database, openDatabase } from '../database.ts';
import { CommandFailure, exitCode } from '../exit-code.ts';
import { loadMessageHandler } from '../message-handler.ts';
import { announceServer } from '../running-server.ts';
import { accountsToServe } from '../serve/accounts-to-serve.ts';
import { createHosting, type Hosting } from '../serve/host-accounts.ts';
import { tellLeftBehind } from '../serve/left-behind.ts';
import { openServeTunnel, type ServeTunnel } from '../serve/open-serve-tunnel.ts';
import { pointNumbers } from '../serve/point-numbers.ts';
import { tellReload, tellStart, tellWhere } from '../serve/tell-start.ts';
import { gatherReloads, type ReloadRequests } from '../serve/reload-requests.ts';
import { needsRestart } from '../serve/usable-accounts.ts';
import { createServerLog } from '../server-log.ts';
import { createServerMetrics } from '../server-metrics.ts';
import { say, type Terminal } from '../terminal.ts';
import { untilStopped } from '../until-stopped.ts';
import type { WorkplaceOptions } from '../workplace.ts';

/** Options of `telephony serve`. */
export interface ServeOptions extends WorkplaceOptions {
  readonly handler?: string;
  readonly echo?: boolean;
  readonly verbose?: boolean;
  /** Instead of the one in the configuration. */
  readonly tunnel?: TunnelProvider | 'none';
  /** Tells the carriers where we are, without asking. */
  readonly setupWebhook?: boolean;
  /** How long what is under way may take when the server is told to stop. */
  readonly graceSeconds: number;
}

/** What `telephony serve` reaches of the world. */
export interface ServeContext {
  readonly environment: { readonly [name: string]: string | undefined };
  readonly stop: AbortSignal;
  /** Calls the listener whenever the configuration is to be read anew, until the result is called. */
  readonly onReload: (listener: () => void) => () => void;
}

/** Runs the numbers of a configuration until it is told to stop. */
export async function serve(
  terminal: Terminal,
  options: ServeOptions,
  context: ServeContext,
): Promise<void> {
  if ((options.handler === undefined) === (options.echo !== true)) {
    throw new CommandFailure(
      'who answers? Give --handler <module>, or --echo to send every text back',
      exitCode.usage,
    );
  }
  const reloads = gatherReloads(context.onReload);
  try {
    await run(terminal, options, { ...context, reloads });
  } finally {
    reloads.stop();
  }
}

async function run(terminal: Terminal, options: ServeOptions, context: RunContext): Promise<void> {
  const onMessage = await loadMessageHandler(options.handler);
  const logger = await createServerLog(terminal, options.verbose ?? false);
  const { accounts, switchedOff, tunnel } = await accountsToServe(options);

  const database = openDatabase(options.data, logger);
  const metrics = createServerMetrics();
  const graceMs = options.graceSeconds * 1000;
  const hosting = createHosting({ accounts, database, onMessage, logger, metrics, graceMs });
  let listener: Listener | undefined;
  try {
    listener = await listenFor(hosting.handler, accounts);
    const { url: listening } = listener;
    const { environment, stop: signal } = context;
    const way =
      tunnel === 'none'
        ? undefined
        : await openServeTunnel({
            provider: tunnel,
            accounts,
            listening,
            environment,
            signal,
            logger,
          });
    await hosting.open(way?.origin());
    const place = { terminal, options, context, database, logger, hosting, listening, way };
    await inhabit({ ...place, switchedOff }, () => metrics.load());
  } finally {
    await Promise.all([hosting.close(), listener?.close()]);
    await database.store.close();
  }
}

interface RunContext extends ServeContext {
  readonly reloads: ReloadRequests;
}

interface Stage {
  readonly terminal: Terminal;
  readonly options: ServeOptions;
  readonly context: RunContext;
  readonly database: Database;
  readonly logger: Logger;
  readonly hosting: Hosting;
  readonly listening: string;
  readonly way: ServeTunnel | undefined;
  /** At the start. */
  readonly switchedOff: readonly Account[] | undefined;
}

/** Says that everything runs, and keeps what others know of our address right, until it is told to stop. */
async function inhabit(stage: Stage, onceListening: () => Promise<void>): Promise<void> {
  const { terminal, options, context, database, logger, hosting, listening, way } = stage;
  const startedAt = new Date().toISOString();
  const announce = (): Promise<() => Promise<void>> =>
    announceServer(database.store.keyValue, {
      server: {
        listening: loopbackOf(listening),
        processId: process.pid,
        startedAt,
        ...tunnelUrlOf(way),
      },
      // A full disk must not keep the server from answering.
      onError: (error) => logger.warn({ reason: reasonOf(error) }, 'other commands do not see us'),
    });
  let withdraw = await announce();
  const served = (): readonly Account[] => hosting.current().servers.map(({ account }) => account);
  const accounts = served();
  tellStart(terminal, { accounts, listening, way, database: database.path }, logger);
  await onceListening();

  let pointing = new AbortController();
  // What still tries to tell a carrier of the old address must not come after the new one.
  const pointAnew = (): AbortSignal => {
    pointing.abort();
    pointing = new AbortController();
    return pointing.signal;
  };
  const tellLeft = ({ switchedOff }: Pick<Stage, 'switchedOff'>): Promise<void> =>
    tellLeftBehind({ served: served(), switchedOff, store: database.store, logger });
  const { signal: first } = pointing;
  let moved = tellLeft(stage).then(() => point(stage, first));
  const move = async (before: Promise<void>, signal: AbortSignal): Promise<void> => {
    await before;
    await hosting.open(way?.origin());
    withdraw = await announce();
    tellWhere(terminal, { accounts: served(), listening, way });
    await point(stage, signal);
  };
  const reload = async (before: Promise<void>): Promise<void> => {
    // For a configuration that is wrong, nothing that is under way is given up.
    const next = await accountsToServe(options, { accounts, way });
    const takeOver = hosting.prepare(way?.origin(), next.accounts);
    const signal = pointAnew();
    await before;
    await takeOver();
    if (needsRestart(accounts[0], next.accounts[0])) {
      logger.warn({}, 'serve.port, serve.bind and tunnel are as they were until the next start');
    }
    tellReload(terminal, { accounts: served(), listening, way }, logger);
    await tellLeft(next);
    await point(stage, signal);
  };
  const stopMoving = way?.tunnel.onUrlChange(() => {
    moved = move(moved, pointAnew()).catch((error: unknown) => {
      logger.error(
        { reason: reasonOf(error) },
        'the new address of the tunnel could not be put to use',
      );
    });
  });
  context.reloads.carryOut(() => {
    const before = moved;
    moved = reload(before)
      .catch((error: unknown) => {
        logger.error(
          { reason: reasonOf(error) },
          'the configuration was not put to use: everything goes on as before',
        );
      })
      .then(() => before);
  });
  try {
    const failure = way === undefined ? [] : [tunnelFailed(way)];
    await Promise.race([untilStopped(context.stop), ...failure]);
    say(terminal, 'Stopping: what is under way is finished first. Ctrl+C again ends it at once.');
  } finally {
    stopMoving?.();
    context.reloads.carryOut(() => undefined);
    pointing.abort();
    await way?.tunnel.close();
    const left = await way?.tunnel.closed;
    if (left?.error !== undefined) logger.warn({ reason: left.error.message }, 'tunnel closed');
    await moved;
    await withdraw();
  }
}

/** Tells the carriers where we are, when that was asked for. */
async function point(
  { terminal, options, context, database, hosting, way }: Stage,
  signal: AbortSignal,
): Promise<void> {
  if (options.setupWebhook !== true) return;
  await pointNumbers(terminal, hosting.current().servers, {
    origin: way?.origin(),
    store: database.store,
    signal: AbortSignal.any([context.stop, signal]),
  });
}

const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

function tunnelUrlOf(way: ServeTunnel | undefined): { readonly tunnelUrl?: string } {
  const tunnelUrl = way?.origin();
  return tunnelUrl === undefined ? {} : { tunnelUrl };
}

/** Rejects when a tunnel can no longer be kept open: a server that nobody reaches must not look as if it were well. */
async function tunnelFailed({ tunnel }: ServeTunnel): Promise<void> {
  const { because, error } = await tunnel.closed;
  if (because === 'failed') throw new CommandFailure(error?.message ?? 'the tunnel has ended');
}

async function listenFor(handler: NodeHandler, accounts: readonly Account[]): Promise<Listener> {
  const [first] = accounts;
  if (first === undefined) {
    throw new CommandFailure('every account is switched off (enabled: false)', exitCode.usage);
  }
  return listen(handler, first.config.serve).catch((error: unknown) => {
    throw new CommandFailure(
      error instanceof Error ? error.message : String(error),
      exitCode.usage,
    );
  });
}

/** Where this machine reaches a listener that may listen everywhere. */
function loopbackOf(listening: string): string {
  const url = new URL(listening);
  if (url.hostname === '0.0.0.0') url.hostname = '127.0.0.1';
  if (url.hostname === '[::]') url.hostname = '[::1]';
  return url.origin;
}
