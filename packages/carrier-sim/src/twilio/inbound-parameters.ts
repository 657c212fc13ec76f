import type { OptOutType } from '../carrier/opt-out.ts';
import type { TwilioInboundRecord } from './message.ts';

/** What the parameters of one inbound text depend on. */
export interface InboundParameterInput {
  readonly accountSid: string;
  readonly record: TwilioInboundRecord;
  readonly mediaUrls: readonly string[];
  readonly optOutType: OptOutType | undefined;
  /** Set after the others: replaces a value, or adds one. */
  readonly extra: Readonly<Record<string, string>>;
}

/** The form of an inbound text, in the order in which Twilio is seen to write it. */
export function inboundParameters(input: InboundParameterInput): URLSearchParams {
  const { accountSid, record, mediaUrls, optOutType, extra } = input;
  const { id: sid, from, to, body, media, messagingServiceSid, numSegments } = record;
  const fields: [name: string, value: string][] = [
    ['ToCountry', 'US'],
    ...numbered(
      'MediaContentType',
      media.map(({ contentType }) => contentType),
    ),
    ['ToState', 'CA'],
    ['SmsMessageSid', sid],
    ['NumMedia', String(media.length)],
    ['ToCity', 'SAN FRANCISCO'],
    ['FromZip', '94105'],
    ['SmsSid', sid],
    ...given('OptOutType', optOutType),
    ['FromState', 'CA'],
    ['SmsStatus', 'received'],
    ['FromCity', 'SAN FRANCISCO'],
    ['Body', body],
    ['FromCountry', 'US'],
    ['To', to],
    ...given('MessagingServiceSid', messagingServiceSid),
    ['ToZip', '94107'],
    ['NumSegments', String(numSegments)],
    ['MessageSid', sid],
    ['AccountSid', accountSid],
    ['From', from],
    ...numbered('MediaUrl', mediaUrls),
    ['ApiVersion', '2010-04-01'],
  ];
  const parameters = new URLSearchParams(fields);
  for (const [name, value] of Object.entries(extra)) parameters.set(name, value);
  return parameters;
}

function given(name: string, value: string | undefined): [string, string][] {
  return value === undefined ? [] : [[name, value]];
}

function numbered(name: string, values: readonly string[]): [string, string][] {
  return values.map((value, index) => [`${name}${index}`, value]);
}
