import { countSegments } from '@openclaw/sms-encoding';
import {
  isAlphanumericSenderId,
  isE164,
  isShortCode,
  type JsonObject,
  type MessagingCapabilities,
  type OutboundMessage,
  type ProviderWarning,
} from '@openclaw/telephony-core';
import { refuse, telnyxProviderId } from './errors.ts';

const maxPartCount = 10;

/** What Telnyx can do with texts, and the limits that are checked before a request leaves. */
export const capabilities = {
  channels: ['sms', 'mms'],
  // Ten parts of 153 septets, or of 67 UTF-16 code units.
  maxTextLength: { gsm7: 1530, ucs2: 670 },
  outboundMedia: {
    by: 'url',
    maxCount: 10,
    maxBytes: 1_000_000,
    maxTotalBytes: 1_000_000,
    safeTotalBytes: 600_000,
  },
  deliveryReceipts: 'per-message-url',
  optOut: 'carrier',
  senderPools: true,
} as const satisfies MessagingCapabilities;

/** The body of the request, and what had to be left out of it. */
export interface SendParameters {
  readonly json: JsonObject;
  readonly warnings: readonly ProviderWarning[];
}

/**
 * Parameters of Telnyx's message resource that `providerOptions.telnyx` may set: those that change neither who gets
 * the message nor what it says.
 */
const passedOn: ReadonlySet<string> = new Set([
  'auto_detect',
  'encoding',
  'send_at',
  'subject',
  'type',
  'use_profile_webhooks',
  'webhook_failover_url',
]);

/**
 * Writes a message as the JSON that Telnyx takes. Nothing is sent that Telnyx would have to refuse or cut.
 *
 * @throws {TelephonyError} `invalid_request`, `invalid_recipient` or `sender_not_allowed`, `not-performed`
 */
export function toSendParameters(
  message: OutboundMessage,
  messagingProfileId: string | undefined,
): SendParameters {
  const { to, text = '', media = [], statusCallback } = message;
  // The types say so already, but a list of recipients in one string has cost others dearly.
  if (!isE164(to) && !isShortCode(to)) {
    throw refuse('invalid_recipient', '`to` is not one E.164 number or short code');
  }
  if (text === '' && media.length === 0) {
    throw refuse('invalid_request', 'the message has neither text nor media');
  }
  assertFits(text);
  const { maxCount } = capabilities.outboundMedia;
  if (media.length > maxCount) {
    throw refuse(
      'invalid_request',
      `the message has ${media.length} media and Telnyx takes ${maxCount}`,
    );
  }
  const { options, warnings } = readProviderOptions(message);
  const json = {
    to,
    ...senderOf(message, messagingProfileId),
    ...(text === '' ? {} : { text }),
    ...(media.length === 0 ? {} : { media_urls: media.map(({ href }) => href) }),
    ...(statusCallback === undefined ? {} : { webhook_url: statusCallback.href }),
    ...options,
  };
  return { json, warnings };
}

/** Telnyx cuts between code points. */
function assertFits(text: string): void {
  const partCount = countSegments(text, { boundary: 'code-point' });
  if (partCount <= maxPartCount) return;
  throw refuse(
    'invalid_request',
    `the text takes ${partCount} parts and Telnyx takes ${maxPartCount}: split it before sending`,
  );
}

function senderOf({ from }: OutboundMessage, messagingProfileId: string | undefined): JsonObject {
  if (from.kind === 'pool') return { messaging_profile_id: requireProfileId(from.id) };
  const { address } = from;
  if (!isE164(address) && !isShortCode(address) && !isSenderName(address)) {
    throw refuse(
      'sender_not_allowed',
      '`from` is no number, short code or sender name (1 to 11 letters, digits and spaces)',
    );
  }
  if (messagingProfileId !== undefined) {
    return { from: address, messaging_profile_id: messagingProfileId };
  }
  if (!isE164(address) && !isShortCode(address)) {
    throw refuse(
      'sender_not_allowed',
      'a sender name belongs to a messaging profile: set messagingProfileId',
    );
  }
  return { from: address };
}

/** Telnyx takes fewer characters than the contract allows. */
const isSenderName = (address: string): boolean =>
  isAlphanumericSenderId(address) && /^[A-Za-z0-9 ]{1,11}$/u.test(address);

/** Refuses what is no messaging profile. A connection is the thing that is most easily taken for one. */
export function requireProfileId(id: string): string {
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu.test(id)) return id;
  throw refuse(
    'invalid_request',
    /^\d+$/u.test(id)
      ? 'a messaging profile id is a UUID: an id of digits alone is that of a connection, which is for calls'
      : 'a messaging profile id is a UUID, as Mission Control shows it',
  );
}

function readProviderOptions(message: OutboundMessage): {
  readonly options: JsonObject;
  readonly warnings: readonly ProviderWarning[];
} {
  const warnings: ProviderWarning[] = [];
  const options: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(message.providerOptions?.[telnyxProviderId] ?? {})) {
    const isPassedOn = passedOn.has(name);
    if (isPassedOn && (typeof value === 'string' || typeof value === 'boolean')) {
      options[name] = value;
    } else {
      warnings.push({
        type: 'unsupported',
        feature: `providerOptions.${telnyxProviderId}.${name}`,
        detail: isPassedOn
          ? 'not sent: expected text, true or false'
          : 'not sent: no such parameter is passed on to Telnyx',
      });
    }
  }
  return { options, warnings };
}
