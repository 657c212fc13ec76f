import type { OpenTunnelOptions, TunnelLogger, TunnelReach } from './tunnel.ts';
import type { TunnelError } from './tunnel-error.ts';

/** What every provider gets: the options, checked and with their defaults. */
export interface OpenRequest extends Readonly<Omit<OpenTunnelOptions, 'signal'>> {
  readonly path: string;
  /** `http://127.0.0.1:<port>`. */
  readonly target: string;
  readonly environment: NonNullable<OpenTunnelOptions['environment']>;
  readonly logger: TunnelLogger;
  /** Aborted at the end of the time for opening, or by the caller; its reason is a {@link TunnelError}. */
  readonly signal: AbortSignal;
  readonly openTimeoutMs: number;
  readonly commandTimeoutMs: number;
  readonly stopTimeoutMs: number;
  readonly now: () => number;
}

/** What a provider tells later on. */
export interface TunnelEvents {
  /** The origin is another one now. */
  originChanged(origin: URL): void;
  /** It cannot be kept open; everything is taken down already. */
  failed(error: TunnelError): void;
}

/** An open way in. */
export interface Connection {
  /** Scheme, host and port of the public address. */
  readonly origin: URL;
  readonly reach: TunnelReach;
  /** Takes it down. @throws TunnelError with what is left and how to remove it by hand. */
  close(): Promise<void>;
}

/** Opens a tunnel, or throws a {@link TunnelError} and leaves nothing behind. */
export type Opener = (request: OpenRequest, events: TunnelEvents) => Promise<Connection>;
