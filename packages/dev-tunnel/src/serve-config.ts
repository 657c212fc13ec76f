import { asRecord } from './tailscale-status.ts';
import { TunnelError } from './tunnel-error.ts';

/** The one entry of Tailscale's configuration that is ours. */
export interface Mount {
  readonly dnsName: string;
  readonly port: number;
  /** The public path; everything below it belongs to it. */
  readonly path: string;
  /** Where it leads, such as `http://127.0.0.1:3335/telephony`. */
  readonly target: string;
  readonly funnel: boolean;
}

/** What `tailscale serve status --json` says of the port of a mount. */
interface PortState {
  /** Other paths on the same port, which are somebody else's. */
  readonly otherPathsCount: number;
  /** `ours`: leads where it shall; `foreign`: leads elsewhere. */
  readonly path: 'free' | 'ours' | 'foreign';
  readonly funnel: boolean;
  /** Something that is not an HTTPS server, or a `tailscale serve` in a terminal, holds the port. */
  readonly taken: boolean;
}

/**
 * Makes sure that our entry takes nothing from anybody and publishes nothing of anybody: funnel and serve are switched
 * for a whole port, not for a path.
 *
 * @throws {@link TunnelError} `conflict`.
 */
export function refuseConflict(config: unknown, mount: Mount): void {
  const { port, path, funnel } = mount;
  const state = portState(config, mount);
  if (state.taken) {
    throw conflict(
      `Port ${port} of Tailscale is in use for something else than a background HTTPS server.`,
    );
  }
  if (state.path === 'foreign') {
    throw conflict(`Tailscale already leads ${path} on port ${port} elsewhere.`);
  }
  if (state.otherPathsCount === 0) return;
  if (funnel && !state.funnel) {
    throw conflict(
      `Port ${port} of Tailscale serves other paths to the tailnet alone; funnel would publish them too.`,
    );
  }
  if (!funnel && state.funnel) {
    throw conflict(
      `Port ${port} of Tailscale serves other paths to the internet; serve would take them off it.`,
    );
  }
}

/** True if our entry is in the configuration, and leads where it shall. */
export const isMounted = (config: unknown, mount: Mount): boolean =>
  portState(config, mount).path === 'ours';

/** True if our entry is as it shall be, funnel included. */
export const isInForce = (config: unknown, mount: Mount): boolean => {
  const state = portState(config, mount);
  return state.path === 'ours' && state.funnel === mount.funnel;
};

const conflict = (what: string): TunnelError =>
  new TunnelError('conflict', `${what} Choose another tailscale.port; nothing was changed.`);

function portState(config: unknown, { dnsName, port, path, target }: Mount): PortState {
  const { TCP, Web, AllowFunnel, Foreground } = asRecord(config);
  const key = `${dnsName}:${port}`;
  const handlers = asRecord(asRecord(asRecord(Web)[key])['Handlers']);
  const ours = handlers[path];
  const proxy = asRecord(ours)['Proxy'];
  const tcp = asRecord(TCP)[String(port)];
  const inTerminal = Object.values(asRecord(Foreground)).some(
    (session) => asRecord(asRecord(session)['TCP'])[String(port)] !== undefined,
  );
  return {
    otherPathsCount: Object.keys(handlers).filter((other) => other !== path).length,
    path: ours === undefined ? 'free' : sameTarget(proxy, target) ? 'ours' : 'foreign',
    funnel: asRecord(AllowFunnel)[key] === true,
    taken: inTerminal || (tcp !== undefined && asRecord(tcp)['HTTPS'] !== true),
  };
}

const sameTarget = (proxy: unknown, target: string): boolean =>
  typeof proxy === 'string' && proxy.replace(/\/$/u, '') === target.replace(/\/$/u, '');
