import { detectEncoding } from '@openclaw/sms-encoding';
import {
  isAlphanumericSenderId,
  isE164,
  isShortCode,
  type MessagingCapabilities,
  type OutboundMessage,
  type ProviderWarning,
} from '@openclaw/telephony-core';
import { plivoProviderId, refuse } from './errors.ts';

/** What Plivo can do with texts, and the limits that are checked before a request leaves. */
export const capabilities = {
  channels: ['sms', 'mms'],
  maxTextLength: { gsm7: 1600, ucs2: 737 },
  outboundMedia: {
    by: 'url',
    maxCount: 10,
    maxBytes: 2_000_000,
    maxTotalBytes: 5_000_000,
    safeTotalBytes: 600_000,
  },
  deliveryReceipts: 'per-message-url',
  optOut: 'carrier',
  senderPools: true,
} as const satisfies MessagingCapabilities;

/**
 * What Plivo keeps of a message in its own log: everything (`true`), neither text nor recipient (`false`), the text
 * without the recipient (`'content_only'`), or the recipient without the text (`'number_only'`).
 */
export type PlivoLog = boolean | 'content_only' | 'number_only';

/** The body of the request, and what had to be left out of it. */
export interface SendParameters {
  readonly json: { readonly [name: string]: string | number | boolean | readonly string[] };
  readonly warnings: readonly ProviderWarning[];
}

type IsTaken = (value: unknown) => value is string | number | boolean;

/**
 * Parameters of Plivo's message resource that `providerOptions.plivo` may set: those that change neither who gets the
 * message nor what it says.
 */
const passedOn: ReadonlyMap<string, IsTaken> = new Map<string, IsTaken>([
  ['message_expiry', isExpiry],
  ['log', isLog],
  ['trackable', isBoolean],
  ['dlt_entity_id', isText],
  ['dlt_template_id', isText],
  ['dlt_template_category', isText],
]);

/**
 * Writes a message as the JSON that Plivo takes. Nothing is sent that Plivo would have to refuse or cut.
 *
 * @throws {TelephonyError} `invalid_request`, `invalid_recipient` or `sender_not_allowed`, `not-performed`
 */
export function toSendParameters(
  message: OutboundMessage,
  log: PlivoLog | undefined,
): SendParameters {
  const { to, text = '', media = [], statusCallback } = message;
  // The types say so already, but Plivo would take `a<b` for two recipients, and send both.
  if (!isE164(to) && !isShortCode(to)) {
    throw refuse('invalid_recipient', '`to` is not one E.164 number or short code');
  }
  assertContent(text, media.length);
  const { options, warnings } = readProviderOptions(message);
  return {
    json: {
      ...senderOf(message),
      dst: to,
      ...(text === '' ? {} : { text }),
      ...(media.length === 0
        ? { type: 'sms' }
        : { type: 'mms', media_urls: media.map(({ href }) => href) }),
      ...(statusCallback === undefined ? {} : { url: statusCallback.href, method: 'POST' }),
      ...(log === undefined ? {} : { log }),
      ...options,
    },
    warnings,
  };
}

function assertContent(text: string, mediaCount: number): void {
  if (text === '' && mediaCount === 0) {
    throw refuse('invalid_request', 'the message has neither text nor media');
  }
  const { maxTextLength, outboundMedia } = capabilities;
  // Only a text message is cut into segments, where the alphabet matters.
  const isShort = mediaCount > 0 || detectEncoding(text) === 'gsm7';
  const most = isShort ? maxTextLength.gsm7 : maxTextLength.ucs2;
  if (text.length > most) {
    throw refuse(
      'invalid_request',
      `the text has ${text.length} characters and Plivo takes ${most}` +
        `${isShort ? '' : ', because some are outside the GSM alphabet'}: split it before sending`,
    );
  }
  if (mediaCount > outboundMedia.maxCount) {
    throw refuse(
      'invalid_request',
      `the message has ${mediaCount} media and Plivo takes ${outboundMedia.maxCount}`,
    );
  }
}

/** A number or a Powerpack: Plivo refuses both at once. */
function senderOf({ to, from }: OutboundMessage): { src: string } | { powerpack_uuid: string } {
  if (from.kind === 'pool') {
    if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu.test(from.id)) {
      throw refuse('invalid_request', 'a sender pool is the UUID of a Powerpack');
    }
    return { powerpack_uuid: from.id };
  }
  const { address } = from;
  if (!isE164(address) && !isShortCode(address) && !isAlphanumericSenderId(address)) {
    throw refuse('sender_not_allowed', '`from` is no number, short code or sender name');
  }
  if (address === to) {
    throw refuse('invalid_recipient', 'the recipient and the sender are the same number');
  }
  return { src: address };
}

function readProviderOptions({ providerOptions }: OutboundMessage): {
  readonly options: SendParameters['json'];
  readonly warnings: readonly ProviderWarning[];
} {
  const warnings: ProviderWarning[] = [];
  const options: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(providerOptions?.[plivoProviderId] ?? {})) {
    const isTaken = passedOn.get(name);
    if (isTaken?.(value) === true) {
      options[name] = value;
      continue;
    }
    warnings.push({
      type: 'unsupported',
      feature: `providerOptions.${plivoProviderId}.${name}`,
      detail:
        isTaken === undefined
          ? 'not sent: no such parameter is passed on to Plivo'
          : 'not sent: Plivo does not take this value',
    });
  }
  return { options, warnings };
}

function isExpiry(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 5 && Number(value) <= 10_799;
}

/** Refuses what is no {@link PlivoLog}: Plivo would ignore it, and log the texts. */
export function requireLog(log: unknown): PlivoLog {
  if (isLog(log)) return log;
  throw refuse('invalid_request', "log is true, false, 'content_only' or 'number_only'");
}

function isLog(value: unknown): value is PlivoLog {
  return isBoolean(value) || value === 'content_only' || value === 'number_only';
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
