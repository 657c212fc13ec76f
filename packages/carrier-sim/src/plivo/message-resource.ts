import { cdnUrlOf } from '../carrier/media-origin.ts';
import type { StoredMedia } from '../carrier/message.ts';
import { toPlivoAddress } from './addresses.ts';
import type { PlivoContext } from './context.ts';
import type { OutboundRecord, PlivoInboundRecord } from './message.ts';
import { plivoTime } from './times.ts';

/** What so many units cost, as Plivo writes amounts. */
export function rateOf(unitCount: number): string {
  return (unitCount * 0.0055).toFixed(5);
}

/** A message of either direction as the API shows it. */
export function messageResource(
  { options: { authId } }: PlivoContext,
  record: OutboundRecord | PlivoInboundRecord,
): Readonly<Record<string, unknown>> {
  const isInbound = record.direction === 'inbound';
  return {
    error_code: record.errorCode === undefined ? null : String(record.errorCode),
    from_number: toPlivoAddress(record.from ?? ''),
    message_direction: isInbound ? 'inbound' : 'outbound',
    message_state: isInbound ? 'received' : record.status,
    message_time: plivoTime(record.acceptedAt),
    message_type: isInbound ? (record.media.length > 0 ? 'mms' : 'sms') : record.type,
    message_uuid: record.id,
    powerpack_id: record.powerpackUuid ?? null,
    requester_ip: '127.0.0.1',
    resource_uri: `/v1/Account/${authId}/Message/${record.id}/`,
    to_number: toPlivoAddress(record.to),
    total_amount: rateOf(record.numSegments),
    total_rate: rateOf(1),
    units: record.numSegments,
  };
}

/** A picture as the API describes it. */
export function mediaResource(
  context: PlivoContext,
  record: PlivoInboundRecord,
  { id, contentType, bytes }: StoredMedia,
): Readonly<Record<string, unknown>> {
  return {
    content_type: contentType,
    file_name: id,
    media_id: id,
    media_url: cdnUrlOf(context, record.id, id),
    message_uuid: record.id,
    size: bytes.byteLength,
    upload_time: plivoTime(record.acceptedAt),
  };
}
