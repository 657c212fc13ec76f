import { isAlphanumericSenderId, isE164, isShortCode } from '@openclaw/telephony-core';
import { z } from 'zod';

/** Our number, or a number that we write to. */
export const number = z
  .string()
  .refine((value) => isE164(value) || isShortCode(value), {
    error: 'must be a number as +15550100123, or a short code',
  })
  .describe('A number in E.164 form as +15550100123, or a short code');
const numberOrAnybody = z.union([number, z.literal('*')]);
const path = z
  .string()
  .regex(/^(?:\/[\w.~-]+)+$/u, 'must be a path as /telephony/webhook, without a query')
  .refine((value) => !/\/\.\.?(?:\/|$)/u.test(value), {
    error: 'must not hold . or .. : every carrier and proxy would resolve it',
  })
  .refine((value) => value !== '/health' && value !== '/metrics', {
    error: 'is taken: /health and /metrics tell how the server is',
  });
const address = z.union([z.ipv4(), z.ipv6()], {
  error: 'must hold single addresses: ranges are not known',
});
const positive = z.int().positive();
const speed = z.number().positive();
const secret = z.string().min(1).meta({ writeOnly: true });
const timeOfDay = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/u, 'must be a time as "22:00"');

/** How the carrier reaches us. */
export const publicAddress = z
  .url({ protocol: /^https?$/u, abort: true })
  .refine(
    (value) => {
      if (!URL.canParse(value)) return false;
      const { username, password, search, hash } = new URL(value);
      return `${username}${password}${search}${hash}` === '';
    },
    { error: 'must be an address as https://sms.example.com, without user, query or fragment' },
  )
  .describe("How the carrier reaches us: an origin, or with a path the webhook's whole URL");

export const sms = z.strictObject({
  chunkMode: z
    .enum(['auto', 'single', 'multi'])
    .describe('One concatenated message where possible, one segment, or numbered messages')
    .default('auto'),
  maxLength: positive.describe('Longest single message in characters').default(1600),
  segmentNumbering: z.boolean().describe('Number several messages [1/3]').default(true),
  maxSegmentsPerReply: positive.describe('The most that one text may cost').default(30),
  transliterate: z
    .boolean()
    .describe('Replace what has a cheaper form, as curly quotes')
    .default(false),
  overflow: z
    .enum(['split', 'truncate', 'error'])
    .describe('Beyond maxSegmentsPerReply: truncate cuts, the others refuse')
    .default('split'),
  flattenMarkdown: z.boolean().describe('Turn markdown into plain text').default(false),
});

export const voice = z.strictObject({
  enabled: z.boolean().describe('Take and make calls').default(false),
  maxDurationSeconds: positive.describe('A call ends after this long').default(300),
  inboundGreeting: z.string().min(1).describe('What a caller hears first').optional(),
  maxPerHour: positive.describe('Calls placed an hour; default 20').optional(),
  maxPerDay: positive.describe('Calls placed a day; default 100').optional(),
  maxGreetingsPerHour: positive.describe('Callers greeted an hour; default 60').optional(),
});

export const serve = z.strictObject({
  port: z.int().min(0).max(65_535).describe('Port to listen on; 0: any free one').default(3335),
  bind: z.string().min(1).describe('Address to listen on').default('127.0.0.1'),
  path: path.describe('Path of the webhook').default('/telephony/webhook'),
  statusPath: path.describe('Path of delivery receipts').default('/telephony/status'),
  mediaPath: path
    .describe('Path below which the carrier fetches files of this machine')
    .default('/telephony/media'),
});

export const tunnel = z.strictObject({
  provider: z
    .enum(['none', 'ngrok', 'tailscale-serve', 'tailscale-funnel', 'cloudflared'])
    .describe('What makes the listener reachable from outside')
    .default('none'),
  ngrokAuthToken: secret.describe('Token of the ngrok account (NGROK_AUTHTOKEN)').optional(),
  ngrokAuthTokenFile: z.string().min(1).describe('File that holds ngrokAuthToken').optional(),
  ngrokDomain: z.string().min(1).describe('Reserved domain at ngrok (NGROK_DOMAIN)').optional(),
  allowNgrokFreeTierLoopbackBypass: z
    .boolean()
    .describe(
      "Believe forwarding headers of the ngrok agent on this machine, for ngrok's own host; signatures are checked all the same",
    )
    .default(false),
});

export const tailscale = z.strictObject({
  mode: z
    .enum(['off', 'serve', 'funnel'])
    .describe('Another way to say tunnel.provider "tailscale-serve" or "tailscale-funnel"')
    .default('off'),
  path: path
    .describe('What becomes reachable; default: the deepest folder of all our paths')
    .optional(),
  port: z
    .int()
    .min(1)
    .max(65_535)
    .describe('Port of the address; funnel knows 443, 8443 and 10000')
    .default(443),
});

export const webhookSecurity = z.strictObject({
  allowedHosts: z
    .array(z.string().min(1))
    .describe('Hosts that a trusted proxy may forward for')
    .default([]),
  trustForwardingHeaders: z
    .boolean()
    .describe('Believe X-Forwarded-* of the trusted proxies')
    .default(false),
  trustedProxyIPs: z.array(address).describe('Exact addresses of trusted proxies').default([]),
});

export const limits = z.strictObject({
  textsPerSenderPerMinute: positive
    .describe('Texts of one sender that are handled in a minute; the rest wait')
    .default(30),
  textsPerNumberPerMinute: positive
    .describe('Texts to the number that are handled in a minute; the rest wait')
    .default(300),
  maxWaitingPerSender: positive
    .describe('Texts of one sender that may wait; the carrier is asked to wait with more')
    .default(300),
  maxWaiting: positive
    .describe('Texts that may wait in all; the carrier is asked to wait with more')
    .default(50_000),
  failuresPerMinute: positive
    .describe('Refused requests of one peer in a minute, before they are not looked at any more')
    .default(300),
  maxReads: positive.describe('Bodies read at once').default(64),
  maxReadsPerPeer: positive.describe('Bodies read at once for one peer').default(8),
});

const quietHours = z
  .strictObject({
    from: timeOfDay.describe('When quiet begins, as "22:00"'),
    to: timeOfDay.describe('When it ends, as "07:00"; may be on the next day'),
    timeZone: z
      .string()
      .refine(isTimeZone, { error: 'must be a time zone as "Europe/Berlin"' })
      .describe('IANA time zone as "Europe/Berlin"'),
  })
  .refine(({ from, to }) => from !== to, {
    error: 'must not begin when they end: that would be always, or never',
  });

/** The name of an account. */
export const accountId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/u, 'must be small letters, digits, - and _');

export const outbound = z.strictObject({
  allowTo: z
    .array(numberOrAnybody)
    .describe('Whom software and operators may text; "*": everybody')
    .optional(),
  maxPerHour: positive.describe('Messages an hour').default(200),
  maxPerDay: positive.describe('Messages a day').default(1000),
  maxSegmentsPerDay: positive.describe('Segments a day').default(5000),
  tryForMs: z
    .int()
    .nonnegative()
    .describe('How long a text is tried that was surely not sent; default 24 hours')
    .optional(),
  maxScheduled: z
    .int()
    .nonnegative()
    .describe('Texts scheduled at once; 0 for none; default 10,000')
    .optional(),
  segmentsPerSecond: z
    .union([
      speed,
      z.strictObject({
        longCode: speed.exactOptional(),
        tollFree: speed.exactOptional(),
        shortCode: speed.exactOptional(),
        senderName: speed.exactOptional(),
        pool: speed.exactOptional(),
      }),
    ])
    .describe(
      'How fast texts leave, for every sender or for each kind; default: long code 1, toll-free 3, short code 100, sender name 1',
    )
    .optional(),
  quietHours: quietHours.describe('When software texts nobody who did not just text').optional(),
  failover: z
    .strictObject({
      account: accountId.describe('Which of the accounts sends then'),
      afterMs: z
        .int()
        .nonnegative()
        .describe('How long this one is tried first; default two minutes')
        .exactOptional(),
    })
    .describe('Who sends what the carrier of this account does not take')
    .optional(),
});

/** A name is an address that people are texted from, as banks do, and that nobody can answer. */
const person = z
  .string()
  .refine(
    (value) =>
      value === '*' || isE164(value) || isShortCode(value) || isAlphanumericSenderId(value),
    {
      error: 'must be a number as +15550100123, a short code, or the name of a sender as "MYBANK"',
    },
  );

export const allowFrom = z
  .array(person)
  .describe('Who needs no pairing; "*" only with the policy "open"')
  .default([]);
export const policy = z
  .enum(['disabled', 'allowlist', 'pairing', 'open'])
  .describe('Who may text: nobody, allowFrom, whoever was let in by a code, everybody');
export const maxConcurrentSessions = positive.describe('Conversations handled at once').default(50);

function isTimeZone(value: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
