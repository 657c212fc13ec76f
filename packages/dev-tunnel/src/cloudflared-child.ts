import { devNull } from 'node:os';
import { childEnvironment } from './child-environment.ts';
import {
  createTroubleMemory,
  explainCloudflared,
  isConnected,
  isForgotten,
  quickTunnelOrigin,
} from './cloudflared-log.ts';
import { deferred } from './deferred.ts';
import type { OpenRequest } from './opener.ts';
import { type OwnedChild, startOwnedChild } from './owned-child.ts';
import { createScrubber } from './scrub.ts';
import { TunnelError } from './tunnel-error.ts';

/** A `cloudflared` that serves. */
export interface RunningCloudflared {
  readonly origin: URL;
  readonly child: OwnedChild;
}

/**
 * Starts `cloudflared` and resolves when the edge is connected and the address is known.
 *
 * @throws {@link TunnelError}; the child has ended then.
 */
export async function startCloudflared(
  file: string,
  request: OpenRequest,
  signal: AbortSignal,
): Promise<RunningCloudflared> {
  const { cloudflared: { token, hostname } = {}, environment, logger, spawn } = request;
  signal.throwIfAborted();
  const scrub = createScrubber([token]);
  const trouble = createTroubleMemory();
  const ready = deferred<URL>();
  let origin = hostname === undefined ? undefined : new URL(`https://${hostname}`);
  let connected = false;
  let serving = false;
  const onLine = (line: string): void => {
    trouble.note(line);
    logger.debug({ provider: 'cloudflared' }, scrub(line));
    if (serving) {
      if (token === undefined && isForgotten(line)) void child.stop();
      return;
    }
    if (token === undefined) origin ??= quickTunnelOrigin(line);
    connected ||= isConnected(line);
    if (connected && origin !== undefined) ready.resolve(origin);
  };
  const child: OwnedChild = startOwnedChild({
    file,
    args: commandLine(request),
    // In the environment a token is seen by this user alone; on a command line by everybody on the machine.
    environment: childEnvironment(environment, token === undefined ? {} : { TUNNEL_TOKEN: token }),
    stopTimeoutMs: request.stopTimeoutMs,
    spawn,
    onLine,
  });
  const failIfEnded = async (): Promise<void> => {
    const { code } = await child.exited;
    const message = `cloudflared ended (${code ?? 'killed'}) before it was ready.`;
    const ended = new TunnelError('start_failed', message);
    ready.reject(explainCloudflared(trouble.lines(), scrub, ended));
  };
  void failIfEnded();
  const onAbort = (): void => {
    const why: unknown = signal.reason;
    const late = TunnelError.isInstance(why) && why.code === 'timeout';
    ready.reject(late ? explainCloudflared(trouble.lines(), scrub, why) : why);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const known = await ready.promise;
    serving = true;
    return { origin: known, child };
  } catch (error) {
    await child.stop();
    throw error;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function commandLine({ cloudflared, target }: OpenRequest): string[] {
  // Rules of the user's own config.yml would apply to this tunnel too, and answer 404 to everything.
  const common = ['tunnel', '--config', devNull, '--no-autoupdate'];
  return cloudflared?.token === undefined ? [...common, '--url', target] : [...common, 'run'];
}
