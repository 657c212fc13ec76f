import type { TwilioCallRecord } from './call.ts';
import type { SimContext } from './context.ts';
import { rfc2822 } from './message-resource.ts';

/** A call as the API shows it. */
export function callResource({ options, numbers }: SimContext, call: TwilioCallRecord): unknown {
  const { accountSid } = options;
  const path = `/2010-04-01/Accounts/${accountSid}/Calls/${call.id}`;
  const { id, direction, from, to, acceptedAt, answeredAt, endedAt } = call;
  const number = numbers.get(direction === 'inbound' ? to : from);
  return {
    account_sid: accountSid,
    annotation: null,
    answered_by: call.answeredBy ?? null,
    api_version: '2010-04-01',
    caller_name: null,
    date_created: rfc2822(acceptedAt),
    date_updated: rfc2822(call.statusHistory.at(-1)?.at ?? acceptedAt),
    direction: direction === 'inbound' ? 'inbound' : 'outbound-api',
    duration: endedAt === undefined ? null : String(Math.round(call.durationSeconds)),
    end_time: endedAt === undefined ? null : rfc2822(endedAt),
    forwarded_from: null,
    from,
    from_formatted: from,
    group_sid: null,
    parent_call_sid: null,
    phone_number_sid: number?.sid ?? null,
    price: null,
    price_unit: 'USD',
    queue_time: '0',
    sid: id,
    start_time: answeredAt === undefined ? null : rfc2822(answeredAt),
    status: call.status,
    subresource_uris: {
      events: `${path}/Events.json`,
      notifications: `${path}/Notifications.json`,
      recordings: `${path}/Recordings.json`,
      streams: `${path}/Streams.json`,
    },
    to,
    to_formatted: to,
    trunk_sid: null,
    uri: `${path}.json`,
  };
}
