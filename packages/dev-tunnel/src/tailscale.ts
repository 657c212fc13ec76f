import { childEnvironment } from './child-environment.ts';
import { findExecutable } from './executable.ts';
import type { Connection, OpenRequest, Opener } from './opener.ts';
import { type CommandResult, runCommand } from './run-command.ts';
import { createScrubber } from './scrub.ts';
import { isInForce, isMounted, type Mount, refuseConflict } from './serve-config.ts';
import { explainTailscale, waitsForConsent } from './tailscale-failure.ts';
import { dnsNameOf, parseJson } from './tailscale-status.ts';
import { TunnelError } from './tunnel-error.ts';

type Tailscale = (args: readonly string[], signal?: AbortSignal) => Promise<CommandResult>;

/** Opens a way in through `tailscale serve` (the tailnet) or `tailscale funnel` (the internet). */
export const openTailscale: Opener = async (request) => {
  const { tailscale: options = {}, environment, logger, path, signal, target } = request;
  const funnel = request.provider === 'tailscale-funnel';
  const tailscale = commandRunner(
    request,
    await findExecutable({
      name: 'tailscale',
      executable: options.executable,
      environment,
      howToInstall: 'install Tailscale',
    }),
  );
  const mountPath = options.path ?? path;
  const mount: Mount = {
    dnsName: dnsNameOf(await readJson(tailscale, ['status', '--json', '--peers=false'], signal)),
    port: options.port ?? 443,
    path: mountPath,
    // Tailscale takes the mounted path off before it passes a request on, so the target holds it.
    target: mountPath === '/' ? target : `${target}${mountPath}`,
    funnel,
  };
  refuseConflict(await serveConfig(tailscale, signal), mount);
  if (!funnel) {
    logger.warn(
      { provider: request.provider },
      'tailscale serve is reachable only inside the tailnet: no carrier gets through',
    );
  }
  try {
    await mountIt(tailscale, mount, signal);
  } catch (error) {
    // A command that was stopped half-way may have done its work.
    await unmount(tailscale, mount).catch(() => undefined);
    throw error;
  }
  return {
    origin: new URL(`https://${mount.dnsName}:${mount.port}`),
    reach: funnel ? 'internet' : 'tailnet',
    close: () => unmount(tailscale, mount),
  } satisfies Connection;
};

const scrub = createScrubber([]);

function commandRunner(
  { environment, commandTimeoutMs, spawn }: OpenRequest,
  file: string,
): Tailscale {
  return (args, signal) =>
    runCommand({
      file,
      args,
      environment: childEnvironment(environment),
      timeoutMs: commandTimeoutMs,
      signal,
      spawn,
      enough: waitsForConsent,
    });
}

const commandLine = ({ funnel, port, path }: Mount, rest: readonly string[]): string[] => [
  funnel ? 'funnel' : 'serve',
  ...(rest[0] === 'off' ? [] : ['--bg']),
  `--https=${port}`,
  // Always named: without it, `off` takes down every path of the port.
  `--set-path=${path}`,
  ...rest,
];

async function mountIt(tailscale: Tailscale, mount: Mount, signal: AbortSignal): Promise<void> {
  const args = commandLine(mount, [mount.target]);
  const result = await tailscale(args, signal);
  if (result.code !== 0) throw explainTailscale(result, `tailscale ${args[0]}`, scrub);
  if (!isInForce(await serveConfig(tailscale, signal), mount)) {
    throw new TunnelError(
      'start_failed',
      `tailscale ${args[0]} reported success, but the configuration does not show it.`,
    );
  }
}

/** Removes our entry, if it is still there and still ours. */
async function unmount(tailscale: Tailscale, mount: Mount): Promise<void> {
  const args = commandLine(mount, ['off']);
  const byHand = `What is left is removed by \`tailscale ${args.join(' ')}\`.`;
  try {
    if (!isMounted(await serveConfig(tailscale), mount)) return;
    const result = await tailscale(args);
    if (result.code !== 0) throw explainTailscale(result, `tailscale ${args[0]} off`, scrub);
  } catch (error) {
    const code = TunnelError.isInstance(error) ? error.code : 'start_failed';
    const why = TunnelError.isInstance(error) ? `${error.message} ` : '';
    throw new TunnelError(code, `${why}${byHand}`);
  }
}

const serveConfig = (tailscale: Tailscale, signal?: AbortSignal): Promise<unknown> =>
  readJson(tailscale, ['serve', 'status', '--json'], signal);

async function readJson(
  tailscale: Tailscale,
  args: readonly string[],
  signal?: AbortSignal,
): Promise<unknown> {
  const result = await tailscale(args, signal);
  const parsed = parseJson(result.stdout);
  // A logged-out `status` may end with 1 and still say so in JSON.
  if (parsed === undefined || (result.code !== 0 && args[0] !== 'status')) {
    throw explainTailscale(result, `tailscale ${args.slice(0, 2).join(' ')}`, scrub);
  }
  return parsed;
}
