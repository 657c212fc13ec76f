import type { ChildProcess, SpawnOptions } from 'node:child_process';
import type { ConnectNgrok } from './ngrok-session.ts';
import type { TunnelError } from './tunnel-error.ts';

/** Who gives the public address. */
export type TunnelProvider = 'ngrok' | 'tailscale-serve' | 'tailscale-funnel' | 'cloudflared';

/** Every {@link TunnelProvider}. */
export const tunnelProviders: readonly TunnelProvider[] = [
  'ngrok',
  'tailscale-serve',
  'tailscale-funnel',
  'cloudflared',
];

/** Who reaches a tunnel: everybody, or only the machines of one's own tailnet. */
export type TunnelReach = 'internet' | 'tailnet';

/** Where a tunnel tells what it does. `pino` fits as it is. No field and no message holds a token. */
export interface TunnelLogger {
  debug(fields: TunnelLogFields, message: string): void;
  info(fields: TunnelLogFields, message: string): void;
  warn(fields: TunnelLogFields, message: string): void;
  error(fields: TunnelLogFields, message: string): void;
}
/** What a log line is about: flat, and safe to keep. */
export type TunnelLogFields = { readonly [name: string]: string | number | boolean | undefined };

/** For provider `ngrok`. */
export interface NgrokOptions {
  /** Handed to the module as an option; never on a command line or in the environment. */
  readonly authToken: string;
  /** A domain reserved in the account, such as `example.ngrok.app`. Without one, ngrok chooses. */
  readonly domain?: string;
  /** Host and port of a custom agent ingress of the account, instead of ngrok's own. */
  readonly serverAddress?: string;
}

/** For providers `tailscale-serve` and `tailscale-funnel`. */
export interface TailscaleOptions {
  /**
   * What is made reachable: this path and everything below it. `path` must lie at or below it. The default is `path`.
   */
  readonly path?: string;
  /** The public port; funnel knows 443, 8443 and 10000. The default is 443. */
  readonly port?: number;
  /** The file of the `tailscale` program, where it is not on the `PATH`. */
  readonly executable?: string;
}

/** For provider `cloudflared`. Without any of it: a quick tunnel, which needs no account. */
export interface CloudflaredOptions {
  /** The token of a tunnel made in the Cloudflare dashboard; goes into the child's environment. Needs `hostname`. */
  readonly token?: string;
  /** The public host name that the dashboard gives to that tunnel. Needs `token`. */
  readonly hostname?: string;
  /** The file of the `cloudflared` program, where it is not on the `PATH`. */
  readonly executable?: string;
}

/** What happens when `cloudflared` ends by itself. */
export interface RestartOptions {
  /** How often in a row it is started again before the tunnel ends as `failed`. The default is 20. */
  readonly maxAttempts?: number;
  /** How long to wait before attempt 1, 2, …; the default doubles from 1 s to 60 s. */
  readonly backOffMs?: (attempt: number) => number;
}

/** The signature of `spawn` of `node:child_process`, as far as it is used. */
export type SpawnProcess = (
  file: string,
  args: readonly string[],
  options: SpawnOptions,
) => ChildProcess;

/** See {@link openTunnel}. */
export interface OpenTunnelOptions {
  readonly provider: TunnelProvider;
  /** The port of the local server, which listens on 127.0.0.1. */
  readonly port: number;
  /** The path of the webhook endpoint there, and in the public address. The default is `/`. */
  readonly path?: string;
  readonly ngrok?: NgrokOptions;
  readonly tailscale?: TailscaleOptions;
  readonly cloudflared?: CloudflaredOptions;
  /**
   * The environment to take `PATH`, `HOME` and the proxy settings from, such as `process.env`; children get nothing else
   * of it. Without `PATH`, the usual folders for programs are looked through.
   */
  readonly environment?: Environment;
  readonly logger?: TunnelLogger;
  /** Ends the opening, or closes the open tunnel. */
  readonly signal?: AbortSignal;
  /** How long the opening may take in all. The default is 30,000. */
  readonly openTimeoutMs?: number;
  /** How long one `tailscale` command may take. The default is 10,000. */
  readonly commandTimeoutMs?: number;
  /** How long a child may take to end when asked, before it is killed. The default is 5,000. */
  readonly stopTimeoutMs?: number;
  readonly restart?: RestartOptions;
  /** The default is `spawn` of `node:child_process`. */
  readonly spawn?: SpawnProcess;
  /** The way to ngrok. The default loads `@ngrok/ngrok`, at the first ngrok tunnel and not before. */
  readonly connectNgrok?: ConnectNgrok;
  /** The default is `Date.now`. */
  readonly now?: () => number;
}
/** Names and values as in `process.env`. */
export type Environment = { readonly [name: string]: string | undefined };

/** Why a tunnel ended. */
export interface TunnelEnd {
  /** `closed` by `close()`, `aborted` by `signal`, or `failed`: it could not be kept open. */
  readonly because: 'closed' | 'aborted' | 'failed';
  /** With `failed`: why. With the others: what could not be taken down, and how to do it by hand. */
  readonly error?: TunnelError;
}

/** An open tunnel. */
export interface Tunnel {
  readonly provider: TunnelProvider;
  /** The public address of `path`, as it is now; a copy each time. */
  readonly publicUrl: URL;
  readonly reach: TunnelReach;
  /** Calls `listener` with every new public address. Call the result to stop that. */
  onUrlChange(listener: (publicUrl: URL) => void): () => void;
  /** Resolves once the tunnel is down, however that came; never rejects. */
  readonly closed: Promise<TunnelEnd>;
  /** Takes down what was set up, and nothing else. Never rejects; may be called often. */
  close(): Promise<void>;
}
