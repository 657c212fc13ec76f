import { deferred } from './deferred.ts';
import type { Connection, TunnelEvents } from './opener.ts';
import type { Tunnel, TunnelEnd, TunnelLogger, TunnelProvider } from './tunnel.ts';
import { asTunnelError } from './tunnel-error.ts';

/** The part of a tunnel that is the same for every provider: its address, who listens, and its one end. */
export function createLiveTunnel(options: {
  readonly provider: TunnelProvider;
  readonly path: string;
  readonly logger: TunnelLogger;
}): {
  readonly events: TunnelEvents;
  /** Makes the tunnel out of what the provider opened. */
  start(connection: Connection, signal: AbortSignal | undefined): Tunnel;
} {
  const { provider, path, logger } = options;
  const closed = deferred<TunnelEnd>();
  const listeners = new Set<(publicUrl: URL) => void>();
  let changed: URL | undefined;
  let over = false;
  let onOver: (() => void) | undefined;

  const end = (why: TunnelEnd): void => {
    over = true;
    listeners.clear();
    onOver?.();
    if (why.error !== undefined) {
      logger.error({ provider, code: why.error.code }, why.error.message);
    }
    closed.resolve(why);
  };
  const addressOf = (origin: URL): URL => new URL(path, origin);
  const tell = (listener: (publicUrl: URL) => void, origin: URL): void => {
    try {
      listener(addressOf(origin));
    } catch {
      // The others must hear of it all the same; what a listener throws may hold anything.
      logger.error({ provider }, 'a listener for the new public address threw');
    }
  };
  const events: TunnelEvents = {
    originChanged(origin) {
      if (over) return;
      changed = origin;
      logger.warn({ provider, origin: origin.origin }, 'the public address has changed');
      for (const listener of listeners) tell(listener, origin);
    },
    failed: (error) => end({ because: 'failed', error }),
  };

  const start = (connection: Connection, signal: AbortSignal | undefined): Tunnel => {
    let closing: Promise<void> | undefined;
    const close = async (because: 'closed' | 'aborted'): Promise<void> => {
      // A failed tunnel is down already.
      if (over) return;
      over = true;
      try {
        await connection.close();
        end({ because });
      } catch (error) {
        end({ because, error: asTunnelError(error, `Closing the tunnel with ${provider}`) });
      }
    };
    const closeOnce = (because: 'closed' | 'aborted'): Promise<void> =>
      (closing ??= close(because));
    const onAbort = (): void => void closeOnce('aborted');
    signal?.addEventListener('abort', onAbort, { once: true });
    onOver = () => signal?.removeEventListener('abort', onAbort);
    if (over) onOver();
    else if (signal?.aborted === true) onAbort();
    logger.info({ provider, origin: connection.origin.origin }, 'the tunnel is open');
    return {
      provider,
      reach: connection.reach,
      get publicUrl() {
        return addressOf(changed ?? connection.origin);
      },
      onUrlChange(listener) {
        // Each registration is its own, also of one function twice.
        const own = (url: URL): void => listener(url);
        if (!over) listeners.add(own);
        return () => void listeners.delete(own);
      },
      closed: closed.promise,
      close: () => closeOnce('closed'),
    };
  };
  return { events, start };
}
