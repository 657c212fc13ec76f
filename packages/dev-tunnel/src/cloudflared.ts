import { startCloudflared } from './cloudflared-child.ts';
import { deadline } from './deadline.ts';
import { findExecutable } from './executable.ts';
import type { Opener, OpenRequest } from './opener.ts';
import { asTunnelError, TunnelError } from './tunnel-error.ts';

/** Whoever was up for so long has not failed "in a row". */
const stableMs = 60_000;

const defaultBackOffMs = (attempt: number): number => Math.min(60_000, 1000 * 2 ** (attempt - 1));

/** Opens a tunnel with `cloudflared`, and starts it again whenever it ends by itself. */
export const openCloudflared: Opener = async (request, events) => {
  const { cloudflared, environment, logger, now, restart = {} } = request;
  const { maxAttempts = 20, backOffMs = defaultBackOffMs } = restart;
  const file = await findExecutable({
    name: 'cloudflared',
    executable: cloudflared?.executable,
    environment,
    howToInstall: 'install it from Cloudflare or your package manager',
  });
  let running = await startCloudflared(file, request, request.signal);
  const origin = running.origin;
  const stopping = new AbortController();

  const keepUp = async (): Promise<void> => {
    let attempt = 0;
    let upSince = now();
    let shown = origin.href;
    for (;;) {
      await running.child.exited;
      if (stopping.signal.aborted) return;
      if (now() - upSince >= stableMs) attempt = 0;
      logger.warn({ provider: 'cloudflared' }, 'cloudflared has ended; it is started again');
      for (;;) {
        attempt += 1;
        if (attempt > maxAttempts) {
          const message = `cloudflared has ended ${attempt} times in a row; it is not started again.`;
          events.failed(new TunnelError('start_failed', message));
          return;
        }
        await pause(backOffMs(attempt), stopping.signal);
        const next = await startAgain(file, request, stopping.signal);
        if (next !== undefined) running = next;
        if (stopping.signal.aborted) return;
        if (next !== undefined) break;
      }
      upSince = now();
      if (running.origin.href !== shown) events.originChanged(running.origin);
      shown = running.origin.href;
    }
  };
  // `backOffMs` is the caller's, and may throw.
  const keptUp = keepUp().catch((error: unknown) =>
    events.failed(asTunnelError(error, 'Starting cloudflared again')),
  );
  return {
    origin,
    reach: 'internet',
    async close() {
      stopping.abort(new TunnelError('aborted', 'The tunnel is closed.'));
      await running.child.stop();
      await keptUp;
      // One more may have come up while we asked the last one to end.
      await running.child.stop();
    },
  };
};

async function startAgain(file: string, request: OpenRequest, signal: AbortSignal) {
  const limit = deadline(request.openTimeoutMs, 'cloudflared', signal);
  try {
    return await startCloudflared(file, request, limit.signal);
  } catch (error) {
    if (!signal.aborted) {
      const { code, message } = asTunnelError(error, 'Starting cloudflared again');
      request.logger.warn({ provider: 'cloudflared', code }, message);
    }
    return undefined;
  } finally {
    limit.end();
  }
}

/** Resolves after so long, or at once when the tunnel is closed. */
function pause(forMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, forMs);
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
}
