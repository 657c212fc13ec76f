import { hash } from 'node:crypto';
import { cdnUrlOf } from '../carrier/media-origin.ts';
import { errorEntry } from './api-reply.ts';
import type { TelnyxContext } from './context.ts';
import type { OutboundRecord, TelnyxInboundRecord, TelnyxMessageStatus } from './message.ts';

/** What both directions have in common. */
function base(
  { organizationId }: TelnyxContext,
  record: Pick<
    OutboundRecord | TelnyxInboundRecord,
    'id' | 'body' | 'encoding' | 'numSegments' | 'acceptedAt' | 'messagingProfileId'
  >,
): Readonly<Record<string, unknown>> {
  return {
    record_type: 'message',
    id: record.id,
    organization_id: organizationId,
    messaging_profile_id: record.messagingProfileId ?? '',
    text: record.body,
    cc: [],
    tags: [],
    encoding: record.encoding === 'gsm7' ? 'GSM-7' : 'UCS-2',
    parts: record.numSegments,
    cost: { amount: (record.numSegments * 0.004).toFixed(4), currency: 'USD' },
    received_at: record.acceptedAt.toISOString(),
    tcr_campaign_id: null,
    tcr_campaign_billable: false,
    tcr_campaign_registered: null,
  };
}

/** A message of ours as the API and the webhooks show it, with the status of its recipient. */
export function outboundPayload(
  context: TelnyxContext,
  record: OutboundRecord,
  {
    status = record.status,
    errorCode = record.errorCode,
  }: { readonly status?: TelnyxMessageStatus; readonly errorCode?: number | undefined } = {},
): Readonly<Record<string, unknown>> {
  const isFinal = !['queued', 'sending', 'sent'].includes(status);
  return {
    ...base(context, record),
    direction: 'outbound',
    type: record.type,
    from: { phone_number: record.from ?? '', carrier: 'Telnyx', line_type: 'Wireless' },
    to: [{ phone_number: record.to, status, carrier: 'Carrier', line_type: 'Wireless' }],
    subject: null,
    media: record.mediaUrls.map((url) => ({ url, content_type: null, size: null, sha256: null })),
    webhook_url: record.statusCallback ?? null,
    webhook_failover_url: record.failoverUrl ?? null,
    valid_until: new Date(record.acceptedAt.getTime() + 3_600_000).toISOString(),
    sent_at: status === 'queued' ? null : record.updatedAt.toISOString(),
    completed_at: isFinal ? record.updatedAt.toISOString() : null,
    errors: errorCode === undefined ? [] : [errorEntry(errorCode)],
    wait_seconds: 0,
    smart_encoding_applied: false,
  };
}

/** A message to us as the API and the webhooks show it. */
export function inboundPayload(
  context: TelnyxContext,
  record: TelnyxInboundRecord,
): Readonly<Record<string, unknown>> {
  return {
    ...base(context, record),
    direction: 'inbound',
    type: record.media.length > 0 ? 'MMS' : 'SMS',
    from: {
      phone_number: record.from,
      carrier: 'Carrier',
      line_type: 'Wireless',
      status: 'received',
    },
    to: [
      {
        phone_number: record.to,
        status: 'webhook_delivered',
        carrier: 'Telnyx',
        line_type: 'Wireless',
      },
    ],
    subject: null,
    media: record.media.map(({ id, contentType, bytes }) => ({
      url: cdnUrlOf(context, record.id, id),
      content_type: contentType,
      size: bytes.byteLength,
      sha256: hash('sha256', bytes),
    })),
    webhook_url: null,
    webhook_failover_url: null,
    valid_until: null,
    sent_at: null,
    completed_at: null,
    errors: [],
  };
}
