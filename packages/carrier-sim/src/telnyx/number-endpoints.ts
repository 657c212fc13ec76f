import type { JsonObject } from '../carrier/json-object.ts';
import type { LoopbackReply } from '../carrier/loopback-server.ts';
import { ApiError, dataReply, listReply } from './api-reply.ts';
import type { TelnyxContext } from './context.ts';
import type { TelnyxNumberRecord } from './numbers.ts';

/** A number as `/v2/phone_numbers` shows it. */
function numberResource(
  { profiles, connections }: TelnyxContext,
  record: TelnyxNumberRecord,
): Readonly<Record<string, unknown>> {
  return {
    record_type: 'phone_number',
    id: record.id,
    phone_number: record.number,
    status: 'active',
    tags: [],
    connection_id: record.connectionId ?? null,
    connection_name: connections.get(record.connectionId)?.name ?? null,
    messaging_profile_id: record.messagingProfileId ?? null,
    messaging_profile_name: profiles.get(record.messagingProfileId)?.name ?? null,
    phone_number_type: 'local',
    purchased_at: record.createdAt.toISOString(),
    created_at: record.createdAt.toISOString(),
  };
}

/** A number as `/v2/phone_numbers/{id}/messaging` shows it. */
export function numberMessaging(
  { organizationId }: TelnyxContext,
  record: TelnyxNumberRecord,
): Readonly<Record<string, unknown>> {
  const twoWay = {
    domestic_two_way: true,
    international_inbound: true,
    international_outbound: true,
  };
  return {
    record_type: 'messaging_settings',
    id: record.id,
    organization_id: organizationId,
    phone_number: record.number,
    messaging_profile_id: record.messagingProfileId ?? null,
    messaging_product: 'A2P',
    traffic_type: 'A2P',
    type: 'long-code',
    country_code: 'US',
    eligible_messaging_products: ['A2P'],
    features: { sms: twoWay, mms: twoWay },
    health: {
      inbound_outbound_ratio: 0,
      message_count: 0,
      spam_ratio: 0,
      success_ratio: 0,
    },
    tags: [],
    created_at: record.createdAt.toISOString(),
    updated_at: record.createdAt.toISOString(),
  };
}

/** `GET /v2/phone_numbers`, narrowed by `filter[phone_number]`. */
export function listNumbers(context: TelnyxContext, query: URLSearchParams): LoopbackReply {
  const numbers = filtered(context, query).map((record) => numberResource(context, record));
  return listReply(numbers, query);
}

/** `GET /v2/phone_numbers/messaging`, narrowed by `filter[phone_number]` and `filter[messaging_profile_id]`. */
export function listNumbersMessaging(
  context: TelnyxContext,
  query: URLSearchParams,
): LoopbackReply {
  const numbers = filtered(context, query).map((record) => numberMessaging(context, record));
  return listReply(numbers, query);
}

/** `GET /v2/phone_numbers/{id}` */
export function readNumber(context: TelnyxContext, id: string): LoopbackReply {
  return dataReply(numberResource(context, findNumber(context, id)));
}

/** `PATCH /v2/phone_numbers/{id}`: puts the number on another Call Control application, or with `""` on none. */
export function changeNumber(
  context: TelnyxContext,
  id: string,
  request: JsonObject,
): LoopbackReply {
  const { number } = findNumber(context, id);
  const wanted = request['connection_id'];
  if (wanted === '') {
    context.numbers.moveToConnection(number, undefined);
  } else if (wanted !== undefined) {
    const connection = typeof wanted === 'string' ? context.connections.get(wanted) : undefined;
    if (connection === undefined) throw new ApiError(10_017, 'connection', '/connection_id');
    context.numbers.moveToConnection(number, connection.id);
  }
  return readNumber(context, id);
}

/** `GET /v2/phone_numbers/{id}/messaging` */
export function readNumberMessaging(context: TelnyxContext, id: string): LoopbackReply {
  return dataReply(numberMessaging(context, findNumber(context, id)));
}

/** `PATCH /v2/phone_numbers/{id}/messaging`: puts the number on another profile, or with `""` on none. */
export function changeNumberMessaging(
  context: TelnyxContext,
  id: string,
  request: JsonObject,
): LoopbackReply {
  const { number } = findNumber(context, id);
  const wanted = request['messaging_profile_id'];
  if (wanted === '' || wanted === null) {
    context.numbers.moveToProfile(number, undefined);
  } else if (wanted !== undefined) {
    const profile = typeof wanted === 'string' ? context.profiles.get(wanted) : undefined;
    if (profile === undefined) {
      throw new ApiError(10_017, 'messaging profile', '/messaging_profile_id');
    }
    context.numbers.moveToProfile(number, profile.id);
  }
  return readNumberMessaging(context, id);
}

function filtered(
  { numbers }: TelnyxContext,
  query: URLSearchParams,
): readonly TelnyxNumberRecord[] {
  const wanted = query.get('filter[phone_number]')?.split(',');
  const profileId = query.get('filter[messaging_profile_id]');
  return numbers.all.filter(
    ({ number, messagingProfileId }) =>
      (wanted === undefined || wanted.includes(number)) &&
      (profileId === null || messagingProfileId === profileId),
  );
}

function findNumber({ numbers }: TelnyxContext, id: string): TelnyxNumberRecord {
  const record = numbers.withId(id);
  if (record === undefined) throw new ApiError(10_005, id);
  return record;
}
