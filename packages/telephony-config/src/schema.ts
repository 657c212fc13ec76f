import { isE164, isShortCode } from '@openclaw/telephony-core';
import { z } from 'zod';
import { isKnownCountry } from './resolve-recipient.ts';
import { carrierSections, senderPool, type SenderSettings } from './carrier-sections.ts';

const number = z
  .string()
  .refine((value) => isE164(value) || isShortCode(value), {
    error: 'must be a number as +15550100123, or a short code',
  })
  .describe('Number in E.164 form');
const path = z
  .string()
  .regex(/^(?:\/[\w.~-]+)+$/u, 'must be a path as /telephony/webhook, without a query')
  .refine((value) => value !== '/health', {
    error: 'is taken: /health tells that the server is alive',
  });
const publicAddress = z.url({ protocol: /^https?$/u }).refine(
  (value) => {
    if (!URL.canParse(value)) return false;
    const { username, password, search, hash } = new URL(value);
    return `${username}${password}${search}${hash}` === '';
  },
  { error: 'must be an address as https://sms.example.com, without user, query or fragment' },
);
const address = z.union([z.ipv4(), z.ipv6()], {
  error: 'must hold single addresses: ranges are not known',
});
const positive = z.int().positive();

const sms = z.strictObject({
  chunkMode: z.enum(['auto', 'single', 'multi']).default('auto'),
  maxLength: positive.default(1600),
  segmentNumbering: z.boolean().default(true),
  maxSegmentsPerReply: positive.default(30),
  transliterate: z.boolean().default(false),
  overflow: z.enum(['split', 'truncate', 'error']).default('split'),
});

const serve = z.strictObject({
  port: z.int().min(0).max(65_535).default(3335),
  bind: z.string().min(1).default('127.0.0.1'),
  path: path.default('/telephony/webhook'),
  statusPath: path.default('/telephony/status'),
});

const webhookSecurity = z.strictObject({
  allowedHosts: z.array(z.string().min(1)).default([]),
  trustForwardingHeaders: z.boolean().default(false),
  trustedProxyIPs: z.array(address).default([]),
});

const outbound = z.strictObject({
  allowTo: z.array(z.union([number, z.literal('*')])).optional(),
  maxPerHour: positive.default(200),
  maxPerDay: positive.default(1000),
  maxSegmentsPerDay: positive.default(5000),
  segmentsPerSecond: z.number().positive().optional(),
});

/**
 * The configuration of one phone number, as it may stand in a file. Unknown keys are errors. What each setting is stands in
 * the README, and in the JSON schema that zod makes of this.
 *
 * @hidden
 */
export const telephonyConfigSchema = z
  .strictObject({
    provider: z.enum(['twilio', 'telnyx', 'plivo', 'mock']).describe('Which carrier'),
    fromNumber: number.optional(),
    defaultCountry: z
      .string()
      .refine(isKnownCountry, { error: 'must be a country as "US" or "DE"' })
      .optional()
      .describe('What a number without a plus sign is a number of'),
    sender: z
      .enum(['service', 'number'])
      .optional()
      .describe('Which one sends when both a pool and a number are given; default: the pool'),
    inboundPolicy: z.enum(['disabled', 'allowlist', 'pairing', 'open']).default('pairing'),
    allowFrom: z.array(z.union([number, z.literal('*')])).default([]),
    publicUrl: publicAddress.optional(),
    skipSignatureVerification: z.boolean().default(false),
    maxConcurrentSessions: positive.default(50),
    twilio: carrierSections.twilio.prefault({}),
    telnyx: carrierSections.telnyx.prefault({}),
    plivo: carrierSections.plivo.prefault({}),
    mock: carrierSections.mock.prefault({}),
    sms: sms.prefault({}),
    serve: serve.prefault({}),
    webhookSecurity: webhookSecurity.prefault({}),
    outbound: outbound.prefault({}),
  })
  .check((context) => {
    for (const issue of contradictions(context.value)) {
      context.issues.push({ code: 'custom', input: context.value, ...issue });
    }
  });

/** The configuration with every default filled in. */
export type TelephonyConfig = z.output<typeof telephonyConfigSchema>;

interface Contradiction {
  readonly path: string[];
  readonly message: string;
}
interface Checked extends SenderSettings {
  readonly webhookSecurity: {
    readonly trustForwardingHeaders: boolean;
    readonly trustedProxyIPs: readonly string[];
    readonly allowedHosts: readonly string[];
  };
  readonly inboundPolicy: string;
  readonly allowFrom: readonly string[];
  readonly publicUrl?: string | undefined;
  readonly skipSignatureVerification: boolean;
  readonly serve: { readonly bind: string };
}

function contradictions(config: Checked): Contradiction[] {
  const found: Contradiction[] = [];
  const everybody = config.allowFrom.includes('*');
  if (config.inboundPolicy === 'open' && !everybody) {
    found.push({
      path: ['allowFrom'],
      message: 'must be ["*"] when inboundPolicy is "open": anybody may then use what you run',
    });
  }
  if (config.inboundPolicy !== 'open' && everybody) {
    found.push({
      path: ['allowFrom'],
      message: `may hold "*" only when inboundPolicy is "open", and it is "${config.inboundPolicy}"`,
    });
  }
  if (config.fromNumber === undefined && senderPool(config) === undefined) {
    found.push({ path: ['fromNumber'], message: 'is missing: whom do texts come from?' });
  }
  const { trustForwardingHeaders, trustedProxyIPs, allowedHosts } = config.webhookSecurity;
  if (trustForwardingHeaders && (trustedProxyIPs.length === 0 || allowedHosts.length === 0)) {
    found.push({
      path: ['webhookSecurity', 'trustForwardingHeaders'],
      message:
        'does nothing without trustedProxyIPs and allowedHosts: whom is to be trusted, and for which hosts?',
    });
  }
  if (config.skipSignatureVerification && !isLoopback(config)) {
    found.push({
      path: ['skipSignatureVerification'],
      message: 'is refused here: only without publicUrl and with serve.bind on a loopback address',
    });
  }
  return found;
}

const isLoopback = ({ publicUrl, serve: { bind } }: Checked): boolean =>
  publicUrl === undefined &&
  (bind === 'localhost' || bind === '::1' || /^127(?:\.\d{1,3}){3}$/u.test(bind));
