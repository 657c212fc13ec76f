import { senderPool, type SenderSettings } from './carrier-sections.ts';

/** Two settings that do not go together, or one that lacks another. */
export interface Contradiction {
  readonly path: string[];
  readonly message: string;
}

/** What is looked at together. */
export interface CheckedSettings extends SenderSettings {
  readonly webhookSecurity: {
    readonly trustForwardingHeaders: boolean;
    readonly trustedProxyIPs: readonly string[];
    readonly allowedHosts: readonly string[];
  };
  readonly inboundPolicy: string;
  readonly allowFrom: readonly string[];
  readonly publicUrl?: string | undefined;
  readonly skipSignatureVerification: boolean;
  readonly serve: {
    readonly bind: string;
    readonly path: string;
    readonly statusPath: string;
    readonly mediaPath: string;
  };
  readonly tunnel: {
    readonly provider: string;
    readonly allowNgrokFreeTierLoopbackBypass: boolean;
  };
  readonly voice: { readonly enabled: boolean };
  readonly telnyx: SenderSettings['telnyx'] & { readonly connectionId?: string | undefined };
}

/** Everything in the settings of one account that contradicts something else in them. */
export function contradictions(config: CheckedSettings): Contradiction[] {
  return [...ofPolicy(config), ...ofCarrier(config), ...ofAddress(config)];
}

function* ofPolicy(config: CheckedSettings): Iterable<Contradiction> {
  const everybody = config.allowFrom.includes('*');
  if (config.inboundPolicy === 'open' && !everybody) {
    yield {
      path: ['allowFrom'],
      message: 'must be ["*"] when inboundPolicy is "open": anybody may then use what you run',
    };
  }
  if (config.inboundPolicy !== 'open' && everybody) {
    yield {
      path: ['allowFrom'],
      message: `may hold "*" only when inboundPolicy is "open", and it is "${config.inboundPolicy}"`,
    };
  }
}

function* ofCarrier(config: CheckedSettings): Iterable<Contradiction> {
  if (config.fromNumber === undefined && senderPool(config) === undefined) {
    yield { path: ['fromNumber'], message: 'is missing: whom do texts come from?' };
  }
  if (config.sender === 'service' && senderPool(config) === undefined) {
    yield { path: ['sender'], message: 'is "service", and no pool of senders is given' };
  }
  const { provider, voice, telnyx } = config;
  if (voice.enabled && provider === 'telnyx' && telnyx.connectionId === undefined) {
    yield {
      path: ['telnyx', 'connectionId'],
      message: 'is missing (TELNYX_CONNECTION_ID): voice.enabled needs it for calls',
    };
  }
}

function* ofAddress(config: CheckedSettings): Iterable<Contradiction> {
  const { trustForwardingHeaders, trustedProxyIPs, allowedHosts } = config.webhookSecurity;
  if (trustForwardingHeaders && (trustedProxyIPs.length === 0 || allowedHosts.length === 0)) {
    yield {
      path: ['webhookSecurity', 'trustForwardingHeaders'],
      message:
        'does nothing without trustedProxyIPs and allowedHosts: whom is to be trusted, and for which hosts?',
    };
  }
  if (config.serve.path === config.serve.statusPath) {
    yield {
      path: ['serve', 'statusPath'],
      message: 'is the same as serve.path: texts and receipts need a path each',
    };
  }
  const { mediaPath, path, statusPath } = config.serve;
  if ([path, statusPath].some((own) => `${own}/`.startsWith(`${mediaPath}/`))) {
    yield {
      path: ['serve', 'mediaPath'],
      message:
        'is the same as serve.path or serve.statusPath, or stands above one: files lie there',
    };
  }
  const { provider, allowNgrokFreeTierLoopbackBypass } = config.tunnel;
  if (allowNgrokFreeTierLoopbackBypass && provider !== 'ngrok') {
    yield {
      path: ['tunnel', 'allowNgrokFreeTierLoopbackBypass'],
      message: `does nothing with tunnel.provider "${provider}"`,
    };
  }
  if (config.skipSignatureVerification && !isForThisDeskOnly(config)) {
    yield {
      path: ['skipSignatureVerification'],
      message:
        'is refused here: only without publicUrl and tunnel, and with serve.bind on a loopback address',
    };
  }
}

const isForThisDeskOnly = ({ publicUrl, tunnel, serve: { bind } }: CheckedSettings): boolean =>
  publicUrl === undefined &&
  tunnel.provider === 'none' &&
  (bind === 'localhost' || bind === '::1' || /^127(?:\.\d{1,3}){3}$/u.test(bind));
