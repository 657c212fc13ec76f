/**
 * What stands in the way. The list is closed: a `switch` over it needs no default.
 *
 * - `invalid_options`: an option has the wrong shape; nothing was started.
 * - `not_installed`: the program or module of the provider is not on this machine.
 * - `not_running`: it is installed, but its service is stopped or does not answer.
 * - `not_logged_in`: nobody is logged in on this machine.
 * - `not_permitted`: this user may not change the configuration.
 * - `not_enabled`: the account has the feature switched off.
 * - `auth_failed`: the provider does not accept the token.
 * - `conflict`: somebody else uses the path, port, domain or session; it was left as it is.
 * - `rate_limited`: too many tunnels in a short time.
 * - `start_failed`: the provider gave up for another reason.
 * - `timeout`: a step took longer than it may.
 * - `aborted`: `signal` said so.
 * - `not_public`: the address cannot be reached by a carrier; `reason` says why.
 */
export type TunnelErrorCode =
  | 'invalid_options'
  | 'not_installed'
  | 'not_running'
  | 'not_logged_in'
  | 'not_permitted'
  | 'not_enabled'
  | 'auth_failed'
  | 'conflict'
  | 'rate_limited'
  | 'start_failed'
  | 'timeout'
  | 'aborted'
  | 'not_public';

/**
 * Why an address is not a public one (the `reason` of a `not_public` error).
 *
 * - `not_a_url`, `not_https`, `userinfo`: the form of the URL.
 * - `single_label`, `local_name`: a name that public DNS does not know.
 * - `disguised_ip`: an IPv4 address written as one number, in hexadecimal, octal or with parts left out.
 * - `ipv4_mapped`: an IPv4 address inside an IPv6 address.
 * - `unspecified`, `loopback`, `private`, `link_local`, `cgnat`, `unique_local`, `reserved`: an address range.
 * - `tailnet_only`: a Tailscale serve address, which only the tailnet reaches.
 */
export type NotPublicReason =
  | 'not_a_url'
  | 'not_https'
  | 'userinfo'
  | 'single_label'
  | 'local_name'
  | 'disguised_ip'
  | 'ipv4_mapped'
  | 'unspecified'
  | 'loopback'
  | 'private'
  | 'link_local'
  | 'cgnat'
  | 'unique_local'
  | 'reserved'
  | 'tailnet_only';

const marker = Symbol.for('@openclaw/dev-tunnel/TunnelError');

/**
 * The one error of this package.
 *
 * Its message says what to do and holds no token, so it may be shown and logged as it is. Recognise it with
 * {@link TunnelError.isInstance}, which also works when two copies of this package are installed.
 *
 * @example
 * ```ts
 * import { openTunnel, TunnelError } from '@openclaw/dev-tunnel';
 *
 * try {
 *   await openTunnel({ provider: 'cloudflared', port: 3335 });
 * } catch (error) {
 *   if (TunnelError.isInstance(error) && error.code === 'not_installed') console.error(error.message);
 *   else throw error;
 * }
 * ```
 */
export class TunnelError extends Error {
  override readonly name = 'TunnelError';
  readonly code: TunnelErrorCode;
  /** Set on `not_public` only. */
  declare readonly reason?: NotPublicReason;

  constructor(code: TunnelErrorCode, message: string, reason?: NotPublicReason) {
    super(message);
    Object.defineProperty(this, marker, { value: true });
    this.code = code;
    if (reason !== undefined) this.reason = reason;
  }

  /** True for a `TunnelError` of any installed copy of this package. */
  static isInstance(value: unknown): value is TunnelError {
    return typeof value === 'object' && value !== null && marker in value;
  }
}

/** Whatever was thrown, as our own error: a foreign message may hold a token, so it is not passed on. */
export function asTunnelError(error: unknown, doing: string): TunnelError {
  if (TunnelError.isInstance(error)) return error;
  const kind = error instanceof Error ? error.name : 'something that is not an Error';
  return new TunnelError('start_failed', `${doing} failed (${kind}).`);
}
