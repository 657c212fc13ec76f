import {
  isAlphanumericSenderId,
  isE164,
  isShortCode,
  type MessagingCapabilities,
  type OutboundMessage,
  type ProviderWarning,
} from '@openclaw/telephony-core';
import { refuse, twilioProviderId } from './errors.ts';
import { withRetries } from './retries.ts';

/** What Twilio can do with texts, and the limits that are checked before a request leaves. */
export const capabilities = {
  channels: ['sms', 'mms'],
  maxTextLength: { gsm7: 1600, ucs2: 1600 },
  outboundMedia: {
    by: 'url',
    maxCount: 10,
    maxBytes: 5_000_000,
    maxTotalBytes: 5_000_000,
    byType: [
      // These Twilio makes smaller for networks that take less; anything else passes through as it is.
      { types: ['image/jpeg', 'image/png', 'image/gif'], maxBytes: 5_000_000 },
      { types: ['*'], maxBytes: 500_000 },
    ],
  },
  deliveryReceipts: 'per-message-url',
  optOut: 'carrier',
  senderPools: true,
} as const satisfies MessagingCapabilities;

/** The form of the request, and what had to be left out of it. */
export interface SendParameters {
  readonly form: URLSearchParams;
  readonly warnings: readonly ProviderWarning[];
}

/**
 * Parameters of Twilio's message resource that `providerOptions.twilio` may set: those that change neither who gets
 * the message nor what it says.
 */
const passedOn: ReadonlySet<string> = new Set([
  'AddressRetention',
  'ApplicationSid',
  'Attempt',
  'ContentRetention',
  'ContentSid',
  'ContentVariables',
  'FallbackFrom',
  'ForceDelivery',
  'MaxPrice',
  'PersistentAction',
  'ProvideFeedback',
  'RiskCheck',
  'ScheduleType',
  'SendAsMms',
  'SendAt',
  'ShortenUrls',
  'SmartEncoded',
  'TrafficType',
  'ValidityPeriod',
]);

/**
 * Writes a message as the form that Twilio takes. Nothing is sent that Twilio would have to refuse or cut.
 *
 * @throws {TelephonyError} `invalid_request` or `invalid_recipient`, `not-performed`
 */
export function toSendParameters(
  message: OutboundMessage,
  messagingServiceSid: string | undefined,
): SendParameters {
  const { to, text = '', media = [], statusCallback } = message;
  // The types say so already, but a list of recipients in one string has cost others dearly.
  if (!isE164(to) && !isShortCode(to)) {
    throw refuse('invalid_recipient', '`to` is not one E.164 number or short code');
  }
  const form = new URLSearchParams({ To: to });
  appendSender(form, message, messagingServiceSid);
  if (text.length > capabilities.maxTextLength.ucs2) {
    const most = capabilities.maxTextLength.ucs2;
    throw refuse(
      'invalid_request',
      `the text has ${text.length} characters and Twilio takes ${most}: split it before sending`,
    );
  }
  if (text !== '') form.append('Body', text);
  const { maxCount } = capabilities.outboundMedia;
  if (media.length > maxCount) {
    throw refuse(
      'invalid_request',
      `the message has ${media.length} media and Twilio takes ${maxCount}`,
    );
  }
  for (const url of media) form.append('MediaUrl', url.href);
  if (statusCallback !== undefined) {
    form.append('StatusCallback', withRetries(statusCallback).href);
  }
  const warnings = appendProviderOptions(form, message);
  if (text === '' && media.length === 0 && !form.has('ContentSid')) {
    throw refuse('invalid_request', 'the message has neither text nor media');
  }
  return { form, warnings };
}

function appendSender(
  form: URLSearchParams,
  { from }: OutboundMessage,
  messagingServiceSid: string | undefined,
): void {
  if (from.kind === 'pool') {
    form.append('MessagingServiceSid', requireServiceSid(from.id));
    return;
  }
  const { address } = from;
  if (!isE164(address) && !isShortCode(address) && !isAlphanumericSenderId(address)) {
    throw refuse('sender_not_allowed', '`from` is no number, short code or sender name');
  }
  form.append('From', address);
  if (messagingServiceSid !== undefined) form.append('MessagingServiceSid', messagingServiceSid);
}

/** Refuses what is no messaging service: Twilio would answer with an error that names nothing. */
export function requireServiceSid(sid: string): string {
  if (/^MG[0-9A-Za-z]+$/u.test(sid)) return sid;
  throw refuse('invalid_request', 'a sender pool is a messaging service SID, which starts with MG');
}

function appendProviderOptions(form: URLSearchParams, message: OutboundMessage): ProviderWarning[] {
  const warnings: ProviderWarning[] = [];
  for (const [name, value] of Object.entries(message.providerOptions?.[twilioProviderId] ?? {})) {
    const values = passedOn.has(name) ? toFormValues(value) : undefined;
    if (values === undefined) {
      const detail = passedOn.has(name)
        ? 'not sent: expected text, a number, true or false, or a list of these'
        : 'not sent: no such parameter is passed on to Twilio';
      warnings.push({
        type: 'unsupported',
        feature: `providerOptions.${twilioProviderId}.${name}`,
        detail,
      });
    }
    for (const one of values ?? []) form.append(name, one);
  }
  return warnings;
}

function toFormValues(value: unknown): readonly string[] | undefined {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const texts = list.flatMap((one) =>
    typeof one === 'string' || typeof one === 'boolean' || Number.isFinite(one)
      ? [String(one)]
      : [],
  );
  return texts.length === list.length ? texts : undefined;
}
