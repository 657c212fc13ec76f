// A file of its own: what starts programs is loaded with the first tunnel, and audits name this file alone.
export { carrierUrl, openTunnel } from '@openclaw/dev-tunnel';
