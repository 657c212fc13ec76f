import { z } from 'zod';
import { carrierSections } from './carrier-sections.ts';
import { contradictions } from './contradictions.ts';
import { isKnownCountry } from './countries.ts';
import { media } from './media-section.ts';
import * as settings from './settings.ts';
import { withoutDefaults } from './without-defaults.ts';

/** Everything that one account has, with its defaults. */
const account = {
  enabled: z
    .boolean()
    .describe('Whether a host that loads this by itself runs it; `telephony serve` runs it anyway')
    .default(false),
  provider: z.enum(['twilio', 'telnyx', 'plivo', 'mock']).describe('Which carrier'),
  fromNumber: settings.number
    .describe('Our number in E.164 form as +15550100100, or a short code (TWILIO_PHONE_NUMBER)')
    .optional(),
  defaultCountry: z
    .string()
    .refine(isKnownCountry, { error: 'must be a country as "US" or "DE"' })
    .describe('What a number without a plus sign is a number of')
    .optional(),
  sender: z
    .enum(['service', 'number'])
    .describe('Which one sends when both a pool and a number are given; default: the pool')
    .optional(),
  defaultTo: settings.number
    .describe('Whom a text is for when nobody is named; default: the only number in allowFrom')
    .optional(),
  inboundPolicy: settings.policy.default('pairing'),
  allowFrom: settings.allowFrom,
  publicUrl: settings.publicAddress.optional(),
  skipSignatureVerification: z
    .boolean()
    .describe('For your own desk only: refused with publicUrl, a tunnel, or another bind')
    .default(false),
  maxConcurrentSessions: settings.maxConcurrentSessions,
  twilio: carrierSections.twilio.describe('The account at Twilio').prefault({}),
  telnyx: carrierSections.telnyx.describe('The account at Telnyx').prefault({}),
  plivo: carrierSections.plivo.describe('The account at Plivo').prefault({}),
  mock: carrierSections.mock.describe('A simulated carrier, without a network').prefault({}),
  sms: settings.sms.describe('How texts are written').prefault({}),
  voice: settings.voice.describe('Calls').prefault({}),
  serve: settings.serve.describe('Where webhooks arrive').prefault({}),
  tunnel: settings.tunnel.describe('How the listener is reached from outside').prefault({}),
  tailscale: settings.tailscale.describe('How Tailscale leads here').prefault({}),
  webhookSecurity: settings.webhookSecurity.describe('Proxies to believe').prefault({}),
  limits: settings.limits.describe('Bounds of what comes in').prefault({}),
  outbound: settings.outbound.describe('Bounds of what is sent').prefault({}),
  media: media.describe('Pictures and files').prefault({}),
};

/** The settings of one account, after everything was put together. */
export const accountSchema = z.strictObject(account).check((context) => {
  for (const issue of contradictions(context.value)) {
    context.issues.push({ code: 'custom', input: context.value, ...issue });
  }
});

/** The configuration of one account: one phone number or pool, with every default filled in. */
export type TelephonyConfig = z.output<typeof accountSchema>;

const policies = {
  inboundPolicy: settings.policy.optional(),
  dmPolicy: settings.policy.describe('Another name of inboundPolicy').optional(),
};
const entry = withoutDefaults({
  ...z.object(account).omit({ tunnel: true, tailscale: true }).shape,
  ...policies,
  serve: settings.serve.omit({ port: true, bind: true }).describe('Where its webhooks arrive'),
}).check((context) => refuseTwoPolicies(context));

/**
 * What may stand in a file: the settings of one account, and those of others below `accounts`. Unknown keys are errors.
 * It checks the form of each setting; {@link parseConfig} also checks whether they go together.
 *
 * @hidden
 */
export const telephonyConfigSchema = z
  .strictObject({
    ...account,
    ...policies,
    provider: account.provider.optional(),
    accounts: z
      .record(settings.accountId, entry)
      .describe(
        'More numbers and carriers in one process, by name; each inherits what it does not set',
      )
      .optional(),
    defaultAccount: settings.accountId
      .describe('Which account is meant when none is named; the environment fills it')
      .optional(),
  })
  .check((context) => {
    refuseTwoPolicies(context);
    refuseTwoTunnels(context);
  });

function refuseTwoPolicies(context: z.core.ParsePayload<{ [key: string]: unknown }>): void {
  const { inboundPolicy, dmPolicy } = context.value;
  if (inboundPolicy === undefined || dmPolicy === undefined || inboundPolicy === dmPolicy) return;
  context.issues.push({
    code: 'custom',
    input: context.value,
    path: ['dmPolicy'],
    message: 'and inboundPolicy are two names of one setting, and differ: which one?',
  });
}

function refuseTwoTunnels(
  context: z.core.ParsePayload<{
    tunnel: { provider: string };
    tailscale: { mode: string };
    [key: string]: unknown;
  }>,
): void {
  const { tunnel, tailscale } = context.value;
  const isOne = tunnel.provider === 'none' || tunnel.provider === `tailscale-${tailscale.mode}`;
  if (tailscale.mode === 'off' || isOne) return;
  context.issues.push({
    code: 'custom',
    input: context.value,
    path: ['tailscale', 'mode'],
    message: `and tunnel.provider "${tunnel.provider}" are two tunnels: which one?`,
  });
}
