import { type Account, carrierFolder } from '@openclaw/telephony-config';
import type { Logger } from '@openclaw/telephony-server';
import { environment } from './environment.ts';
import { takeBackProblem } from './running.ts';

/** A tunnel to our listener. */
export interface OpenTunnel {
  close(): Promise<void>;
}

/**
 * Opens the tunnel of the configuration in the background, and tells of every address that it gets.
 *
 * @returns undefined when none is configured
 */
export function openConfiguredTunnel(options: {
  /** All that share the listener; the tunnel is that of the first. */
  readonly accounts: readonly [Account, ...Account[]];
  readonly port: number;
  readonly logger: Logger;
  readonly onUrl: (origin: string) => Promise<void>;
  readonly onProblem: (problem: string) => void;
}): OpenTunnel | undefined {
  const { accounts, port, logger, onUrl, onProblem } = options;
  const { tunnel, tailscale, serve } = accounts[0].config;
  const { provider, ngrokAuthToken, ngrokDomain } = tunnel;
  if (provider === 'none') return undefined;
  const ending = new AbortController();
  let moved: Promise<void> = Promise.resolve();
  /** One address after the other: the accounts are started anew for each. */
  const move = (origin: string): Promise<void> => {
    moved = moved.then(() => onUrl(origin)).then(takeBack, tell);
    return moved;
  };
  /** What was told last, until the accounts run under an address again. */
  let told: string | undefined;
  const tell = (error: unknown): void => {
    if (ending.signal.aborted) return;
    told = error instanceof Error ? error.message : 'the tunnel did not open';
    onProblem(told);
  };
  const takeBack = (): void => {
    if (told !== undefined) takeBackProblem(accounts[0].id, told);
    told = undefined;
  };
  const opened = (async () => {
    const { carrierUrl, openTunnel } = await import('./tunnel-programs.ts');
    const open = await openTunnel({
      provider,
      port,
      path: serve.path,
      // Receipts, files and other accounts are reached below it too.
      tailscale: { path: tailscale.path ?? carrierFolder(accounts), port: tailscale.port },
      environment: environment(),
      logger,
      signal: ending.signal,
      ...(ngrokAuthToken === undefined
        ? {}
        : {
            ngrok: {
              authToken: ngrokAuthToken,
              ...(ngrokDomain === undefined ? {} : { domain: ngrokDomain }),
            },
          }),
    });
    open.onUrlChange(() => void move(carrierUrl(open).origin));
    await move(carrierUrl(open).origin);
    const end = await open.closed;
    if (end.because === 'failed') tell(end.error ?? new Error('the tunnel ended'));
  })().catch(tell);
  return {
    async close() {
      ending.abort();
      await opened;
      await moved;
    },
  };
}
