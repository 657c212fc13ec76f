import { isE164, isShortCode } from '@openclaw/telephony-core';
import { z } from 'zod';

const number = z
  .string()
  .refine((value) => isE164(value) || isShortCode(value), {
    error: 'must be a number as +15550100123, or a short code',
  })
  .describe('Number in E.164 form');
const secretFile = z
  .string()
  .min(1)
  .describe('File that holds the secret, instead of the secret itself');
const path = z
  .string()
  .regex(/^\/[\w./~-]*[\w.~-]$/u, 'must begin with / and hold no query, and not end with /');
const positive = z.int().positive();

const twilio = z.strictObject({
  accountSid: z.string().startsWith('AC', 'must begin with AC').optional(),
  authToken: z
    .string()
    .min(1)
    .optional()
    .describe('Checks webhooks; sends too unless an API key is given'),
  authTokenFile: secretFile.optional(),
  messagingServiceSid: z.string().startsWith('MG', 'must begin with MG').optional(),
  apiKeySid: z.string().startsWith('SK', 'must begin with SK').optional(),
  apiKeySecret: z.string().min(1).optional(),
  apiKeySecretFile: secretFile.optional(),
  region: z.string().optional(),
  edge: z.string().optional(),
  baseUrl: z.url().optional().describe('Another address of the API: a simulator or a proxy'),
});

const mock = z.strictObject({
  webhookSecret: z.string().min(1).optional(),
});

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
  trustedProxyIPs: z.array(z.string().min(1)).default([]),
});

const outbound = z.strictObject({
  allowTo: z.array(z.union([number, z.literal('*')])).optional(),
  maxPerHour: positive.default(200),
  maxPerDay: positive.default(1000),
  maxSegmentsPerDay: positive.default(5000),
  segmentsPerSecond: z.number().positive().optional(),
});

/** The configuration of one phone number, as it may stand in a file. Unknown keys are errors. */
export const telephonyConfigSchema = z
  .strictObject({
    provider: z.enum(['twilio', 'mock']).describe('Which carrier'),
    fromNumber: number.optional(),
    inboundPolicy: z.enum(['disabled', 'allowlist', 'pairing', 'open']).default('pairing'),
    allowFrom: z.array(z.union([number, z.literal('*')])).default([]),
    publicUrl: z.url({ protocol: /^https?$/u }).optional(),
    skipSignatureVerification: z.boolean().default(false),
    maxConcurrentSessions: positive.default(50),
    twilio: twilio.prefault({}),
    mock: mock.prefault({}),
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
interface Checked {
  readonly provider: string;
  readonly fromNumber?: string | undefined;
  readonly inboundPolicy: string;
  readonly allowFrom: readonly string[];
  readonly publicUrl?: string | undefined;
  readonly skipSignatureVerification: boolean;
  readonly twilio: { readonly messagingServiceSid?: string | undefined };
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
  if (config.fromNumber === undefined && config.twilio.messagingServiceSid === undefined) {
    found.push({ path: ['fromNumber'], message: 'is missing: whom do texts come from?' });
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
