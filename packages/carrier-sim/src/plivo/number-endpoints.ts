import type { JsonObject } from '../carrier/json-object.ts';
import type { LoopbackReply } from '../carrier/loopback-server.ts';
import { toPlivoAddress } from './addresses.ts';
import { ApiError, type ApiReplies } from './api-reply.ts';
import type { PlivoContext } from './context.ts';
import type { PlivoNumberRecord } from './numbers.ts';

function numberResource(
  { options: { authId } }: PlivoContext,
  { number, appId, subaccount, createdAt }: PlivoNumberRecord,
): Readonly<Record<string, unknown>> {
  const digits = toPlivoAddress(number);
  return {
    active: true,
    added_on: createdAt.toISOString().slice(0, 10),
    alias: null,
    application: appId === undefined ? null : `/v1/Account/${authId}/Application/${appId}/`,
    carrier: 'Plivo',
    city: null,
    country: 'United States',
    mms_enabled: true,
    monthly_rental_rate: '0.80000',
    number: digits,
    number_type: 'local',
    region: 'United States',
    renewal_date: null,
    resource_uri: `/v1/Account/${authId}/Number/${digits}/`,
    sms_enabled: true,
    sms_rate: '0.00000',
    sub_account: subaccount === undefined ? null : `/v1/Account/${subaccount}/`,
    voice_enabled: true,
    voice_rate: '0.00850',
  };
}

/** `GET …/Number/` */
export function listNumbers(
  context: PlivoContext,
  replies: ApiReplies,
  { path, query }: { readonly path: string; readonly query: URLSearchParams },
): LoopbackReply {
  const start = query.get('number_startswith');
  const found = context.numbers.all
    .filter(({ number }) => start === null || toPlivoAddress(number).startsWith(start))
    .map((record) => numberResource(context, record));
  return replies.list(found, path, query);
}

/** `GET …/Number/{number}/` */
export function readNumber(
  context: PlivoContext,
  replies: ApiReplies,
  number: string,
): LoopbackReply {
  return replies.document(200, numberResource(context, findNumber(context, number)));
}

/** `POST …/Number/{number}/`: puts the number on another application, or with an empty `app_id` on none. */
export function changeNumber(
  context: PlivoContext,
  replies: ApiReplies,
  { number, request }: { readonly number: string; readonly request: JsonObject },
): LoopbackReply {
  const found = findNumber(context, number);
  const appId = request['app_id'];
  if (appId === '' || appId === null) {
    context.numbers.moveToApplication(found.number, undefined);
  } else if (appId !== undefined) {
    const application = typeof appId === 'string' ? context.applications.get(appId) : undefined;
    if (application === undefined) {
      throw new ApiError(400, 'app_id is not an application of this account');
    }
    context.numbers.moveToApplication(found.number, application.id);
  }
  return replies.document(202, { message: 'changed' });
}

function findNumber({ numbers }: PlivoContext, number: string): PlivoNumberRecord {
  const record = numbers.get(number);
  if (record === undefined) throw new ApiError(404);
  return record;
}
