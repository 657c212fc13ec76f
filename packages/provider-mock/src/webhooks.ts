import {
  createHandover,
  type InboundMedia,
  isChannelAddress,
  isDeliveryStatus,
  isE164,
  isMessageAddress,
  isOptOutKeyword,
  isShortCode,
  markVerified,
  type TelephonyEvent,
  type WebhookReceiver,
} from '@openclaw/telephony-core';
import { mockProviderId, rejectWebhook } from './errors.ts';
import { countIn, isRecord, type JsonRecord, parseJsonObject, stringIn } from './json.ts';
import { sha256, toHex } from './sha256.ts';
import { mockSignatureHeader, verifyMockSignature } from './signature.ts';

/** The receiving half of the mock: JSON in, signed over its raw bytes. */
export function createMockWebhooks(secrets: readonly string[]): WebhookReceiver {
  // What verify had to read anyway is not read twice.
  const handover = createHandover<JsonRecord>();
  return {
    requiredHeaders: [[mockSignatureHeader]],
    verify(request) {
      verifyMockSignature(request.body, request.headers.get(mockSignatureHeader), secrets);
      const body = parseJsonObject(request.body);
      if (body === undefined) {
        throw rejectWebhook('malformed_body', 'the body is not a JSON object in UTF-8');
      }
      const webhook = markVerified(request, { bodyAuthenticated: true });
      handover.give(webhook, body);
      return webhook;
    },
    parse(webhook) {
      const body = handover.take(webhook) ?? parseJsonObject(webhook.body) ?? {};
      const event = parseText(body) ?? parseReceipt(body);
      if (event !== undefined) return [event];
      const dedupeKey = `${mockProviderId}:unknown:${toHex(sha256(webhook.body))}`;
      return [{ type: 'unknown', dedupeKey, raw: body }];
    },
    acknowledgement: { status: 200, contentType: 'application/json', body: '{}' },
  };
}

function parseText(body: JsonRecord): TelephonyEvent | undefined {
  const id = stringIn(body, 'id') ?? '';
  const from = stringIn(body, 'from') ?? '';
  const to = stringIn(body, 'to') ?? '';
  if (body['type'] !== 'message.received' || id === '') return undefined;
  const isOurs = isE164(to) || isShortCode(to) || isChannelAddress(to);
  if (!isMessageAddress(from) || !isOurs) return undefined;
  const segmentCount = countIn(body, 'segmentCount');
  const { optOut } = body;
  return {
    type: 'message.received',
    dedupeKey: `${mockProviderId}:message:${id}`,
    ...occurredAtOf(body),
    raw: body,
    message: {
      id,
      from,
      to,
      text: stringIn(body, 'text') ?? '',
      media: parseMedia(body['media']),
      ...(segmentCount === undefined ? {} : { segmentCount }),
      ...(isOptOutKeyword(optOut) ? { optOut } : {}),
    },
  };
}

function parseReceipt(body: JsonRecord): TelephonyEvent | undefined {
  const id = stringIn(body, 'id') ?? '';
  const word = stringIn(body, 'status') ?? '';
  if (body['type'] !== 'message.status' || id === '') return undefined;
  const errorCode = stringIn(body, 'errorCode');
  return {
    type: 'message.status',
    dedupeKey: `${mockProviderId}:status:${id}:${word}`,
    ...occurredAtOf(body),
    raw: body,
    messageId: id,
    status: isDeliveryStatus(word) ? word : 'unrecognized',
    ...(errorCode === undefined ? {} : { carrierErrorCode: errorCode }),
  };
}

function occurredAtOf(body: JsonRecord): { readonly occurredAt?: Date } {
  const at = new Date(stringIn(body, 'occurredAt') ?? Number.NaN);
  return Number.isNaN(at.getTime()) ? {} : { occurredAt: at };
}

function parseMedia(value: unknown): readonly InboundMedia[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry: unknown) => {
    const record = isRecord(entry) ? entry : {};
    const url = URL.parse(stringIn(record, 'url') ?? '');
    if (url === null) return [];
    const contentType = stringIn(record, 'contentType');
    const bytes = countIn(record, 'bytes');
    return {
      url,
      ...(contentType === undefined ? {} : { contentType }),
      ...(bytes === undefined ? {} : { bytes }),
    };
  });
}
