import type { TelephonyConfig } from '@openclaw/telephony-config';
import type { Logger } from '@openclaw/telephony-server';
import { environment } from './environment.ts';

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
  readonly config: TelephonyConfig;
  readonly port: number;
  readonly logger: Logger;
  readonly onUrl: (origin: string) => Promise<void>;
  readonly onProblem: (problem: string) => void;
}): OpenTunnel | undefined {
  const { config, port, logger, onUrl, onProblem } = options;
  const { tunnel, serve } = config;
  const { provider, ngrokAuthToken, ngrokDomain } = tunnel;
  if (provider === 'none') return undefined;
  const ending = new AbortController();
  const opened = (async () => {
    const { carrierUrl, openTunnel } = await import('./tunnel-programs.ts');
    const open = await openTunnel({
      provider,
      port,
      path: serve.path,
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
    open.onUrlChange(() => void onUrl(carrierUrl(open).origin));
    await onUrl(carrierUrl(open).origin);
    const end = await open.closed;
    if (end.because === 'failed') onProblem(end.error?.message ?? 'the tunnel ended');
  })().catch((error: unknown) => {
    if (ending.signal.aborted) return;
    onProblem(error instanceof Error ? error.message : 'the tunnel did not open');
  });
  return {
    async close() {
      ending.abort();
      await opened;
    },
  };
}
