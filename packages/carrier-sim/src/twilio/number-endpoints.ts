import type { LoopbackReply } from '../carrier/loopback-server.ts';
import { ApiError, json } from './api-reply.ts';
import type { SimContext } from './context.ts';
import { listPage } from './list-page.ts';
import { numberResource, readNumberChange } from './number-resource.ts';
import type { TwilioNumberRecord } from './numbers.ts';

/** `GET …/IncomingPhoneNumbers.json`, narrowed by `PhoneNumber`. */
export function listNumbers(
  context: SimContext,
  path: string,
  query: URLSearchParams,
): LoopbackReply {
  const wanted = query.get('PhoneNumber');
  const found = context.numbers.all
    .filter(({ number }) => wanted === null || number === wanted)
    .map((record) => numberResource(context, record));
  return json(200, listPage('incoming_phone_numbers', found, path, query));
}

/** `GET …/IncomingPhoneNumbers/{PN}.json` */
export function readNumber(context: SimContext, sid: string): LoopbackReply {
  return json(200, numberResource(context, findNumber(context, sid)));
}

/** `POST …/IncomingPhoneNumbers/{PN}.json`: sets webhooks. */
export function changeNumber(
  context: SimContext,
  sid: string,
  form: URLSearchParams,
): LoopbackReply {
  context.numbers.change(findNumber(context, sid).number, readNumberChange(form));
  return readNumber(context, sid);
}

function findNumber({ numbers }: SimContext, sid: string): TwilioNumberRecord {
  const record = numbers.withSid(sid);
  if (record === undefined) throw new ApiError(20_404, sid);
  return record;
}
