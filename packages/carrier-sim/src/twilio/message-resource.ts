import type { StoredMedia } from '../carrier/message.ts';
import type { SimContext } from './context.ts';
import { isInbound, type MessageRecord } from './message.ts';

/** A date as the 2010-04-01 API writes it (RFC 2822): `Fri, 20 Nov 2026 12:00:00 +0000`. */
export function rfc2822(date: Date): string {
  return date.toUTCString().replace('GMT', '+0000');
}

/** A message as the API shows it. */
export function messageResource(context: SimContext, record: MessageRecord): unknown {
  const { accountSid } = context.options;
  const path = `/2010-04-01/Accounts/${accountSid}/Messages/${record.id}`;
  const mediaCount = isInbound(record) ? record.media.length : record.mediaUrls.length;
  return {
    account_sid: accountSid,
    api_version: '2010-04-01',
    body: record.body,
    date_created: rfc2822(record.acceptedAt),
    date_sent: sentAt(record),
    date_updated: rfc2822(record.updatedAt),
    direction: record.direction,
    error_code: isInbound(record) ? null : (record.errorCode ?? null),
    error_message: null,
    from: record.from ?? null,
    messaging_service_sid: record.messagingServiceSid ?? null,
    num_media: String(mediaCount),
    num_segments: String(shownSegments(record)),
    price: null,
    price_unit: 'USD',
    sid: record.id,
    status: isInbound(record) ? 'received' : record.status,
    subresource_uris: { media: `${path}/Media.json` },
    to: record.to,
    uri: `${path}.json`,
  };
}

/** Twilio does not know the number of segments before its service has picked a sender. */
function shownSegments(record: MessageRecord): number {
  return !isInbound(record) && record.status === 'accepted' ? 0 : record.numSegments;
}

function sentAt(record: MessageRecord): string | null {
  if (isInbound(record)) return rfc2822(record.acceptedAt);
  const sent = record.statusHistory.find(({ status }) => status === 'sent');
  return sent === undefined ? null : rfc2822(sent.at);
}

/** A picture as the API describes it. */
export function mediaResource(
  context: SimContext,
  record: MessageRecord,
  media: StoredMedia,
): unknown {
  const { accountSid } = context.options;
  return {
    account_sid: accountSid,
    content_type: media.contentType,
    date_created: rfc2822(record.acceptedAt),
    date_updated: rfc2822(record.updatedAt),
    parent_sid: record.id,
    sid: media.id,
    uri: `/2010-04-01/Accounts/${accountSid}/Messages/${record.id}/Media/${media.id}.json`,
  };
}
