/** The flags of `openclaw channels add telephony`; package.json repeats them, because the host reads them there first. */
export const setupFields = {
  provider: {
    kind: 'choice',
    choices: ['twilio', 'telnyx', 'plivo', 'mock'],
    cli: { flags: '--provider <carrier>', description: 'twilio, telnyx, plivo or mock' },
  },
  fromNumber: {
    kind: 'string',
    cli: { flags: '--from-number <number>', description: 'Your number, as +15550100100' },
  },
  accountSid: {
    kind: 'string',
    cli: { flags: '--account-sid <sid>', description: 'Twilio account SID' },
  },
  messagingServiceSid: {
    kind: 'string',
    cli: { flags: '--messaging-service-sid <sid>', description: 'Twilio Messaging Service' },
  },
  authId: {
    kind: 'string',
    cli: { flags: '--auth-id <id>', description: 'Plivo auth ID' },
  },
  authToken: {
    kind: 'string',
    sensitive: true,
    cli: { flags: '--auth-token <token>', description: 'Twilio or Plivo auth token' },
  },
  apiKey: {
    kind: 'string',
    sensitive: true,
    cli: { flags: '--api-key <key>', description: 'Telnyx API key' },
  },
  publicKey: {
    kind: 'string',
    cli: { flags: '--public-key <key>', description: 'Telnyx public key, which checks webhooks' },
  },
  messagingProfileId: {
    kind: 'string',
    cli: { flags: '--messaging-profile-id <id>', description: 'Telnyx messaging profile' },
  },
  webhookSecret: {
    kind: 'string',
    sensitive: true,
    cli: { flags: '--webhook-secret <word>', description: 'Any word, for the mock carrier' },
  },
  inboundPolicy: {
    kind: 'choice',
    choices: ['pairing', 'allowlist', 'open', 'disabled'],
    cli: { flags: '--inbound-policy <policy>', description: 'Who may text the agent' },
  },
  allowFrom: {
    kind: 'string-list',
    cli: { flags: '--allow-from <numbers>', description: 'Numbers that need no approval' },
  },
  publicUrl: {
    kind: 'string',
    cli: { flags: '--public-url <url>', description: 'Where the carrier reaches the webhook' },
  },
  webhookPort: {
    kind: 'integer',
    cli: { flags: '--webhook-port <port>', description: 'Port of the webhook server (3335)' },
  },
  serveMode: {
    kind: 'choice',
    choices: ['own', 'gateway'],
    cli: {
      flags: '--serve-mode <mode>',
      description: 'own: its own port; gateway: the port of the gateway',
    },
  },
} as const;
