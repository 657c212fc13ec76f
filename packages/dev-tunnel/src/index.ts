export { isNgrokHost } from './ngrok-host.ts';
export type { ConnectNgrok, NgrokRequest, NgrokSession } from './ngrok-session.ts';
export { openTunnel } from './open-tunnel.ts';
export { assertPublicUrl, carrierUrl, type PublicUrlOptions } from './public-url.ts';
export { tunnelProviders } from './tunnel.ts';
export type {
  CloudflaredOptions,
  Environment,
  NgrokOptions,
  OpenTunnelOptions,
  RestartOptions,
  SpawnProcess,
  TailscaleOptions,
  Tunnel,
  TunnelEnd,
  TunnelLogFields,
  TunnelLogger,
  TunnelProvider,
  TunnelReach,
} from './tunnel.ts';
export { checkTunnelOptions } from './tunnel-options.ts';
export { type NotPublicReason, TunnelError, type TunnelErrorCode } from './tunnel-error.ts';
