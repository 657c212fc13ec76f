import type { SimContext } from './context.ts';
import { rfc2822 } from './message-resource.ts';

/** The account as the API shows it; the token is left out. */
export function accountResource({ options, numbers }: SimContext): unknown {
  const { accountSid } = options;
  const path = `/2010-04-01/Accounts/${accountSid}`;
  const created = rfc2822(numbers.all[0]?.createdAt ?? new Date(0));
  return {
    auth_token: null,
    date_created: created,
    date_updated: created,
    friendly_name: 'carrier-sim',
    owner_account_sid: accountSid,
    sid: accountSid,
    status: 'active',
    subresource_uris: {
      incoming_phone_numbers: `${path}/IncomingPhoneNumbers.json`,
      messages: `${path}/Messages.json`,
    },
    type: 'Full',
    uri: `${path}.json`,
  };
}
