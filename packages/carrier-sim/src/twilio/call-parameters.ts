import type { DocumentRequest } from '../carrier/call-steps.ts';
import { rfc2822 } from './message-resource.ts';
import type { TwilioCallRecord } from './call.ts';

const callToken = '{"parentCallInfoToken":"simulated","identityHeaderTokens":[]}';

/** The form of every webhook of a call, in the order in which Twilio is seen to write it. */
export function callParameters(
  accountSid: string,
  { id, direction, from, to, status, answeredBy }: TwilioCallRecord,
): URLSearchParams {
  const fields: [name: string, value: string][] = [
    ['Called', to],
    ['ToState', 'CA'],
    ['CallerCountry', 'US'],
    ['Direction', direction === 'inbound' ? 'inbound' : 'outbound-api'],
    ['CallerState', 'CA'],
    ['ToZip', '94107'],
    ['CallSid', id],
    ...given('AnsweredBy', answeredBy),
    ['To', to],
    ['CallerZip', '94105'],
    ['ToCountry', 'US'],
    ...given('CallToken', direction === 'inbound' ? callToken : undefined),
    ...given('StirVerstat', direction === 'inbound' ? 'TN-Validation-Passed-A' : undefined),
    ['CalledZip', '94107'],
    ['ApiVersion', '2010-04-01'],
    ['CalledCity', 'SAN FRANCISCO'],
    ['CallStatus', status],
    ['From', from],
    ['AccountSid', accountSid],
    ['CalledCountry', 'US'],
    ['CallerCity', 'SAN FRANCISCO'],
    ['ToCity', 'SAN FRANCISCO'],
    ['FromCountry', 'US'],
    ['Caller', from],
    ['FromCity', 'SAN FRANCISCO'],
    ['CalledState', 'CA'],
    ['FromZip', '94105'],
    ['FromState', 'CA'],
  ];
  return new URLSearchParams(fields);
}

/** What was keyed or said, as Twilio tells of it. */
export function inputParameters(input: DocumentRequest['input']): readonly [string, string][] {
  if (input === undefined) return [];
  if (input === 'nothing') return [['msg', 'Gather End']];
  if ('digits' in input)
    return [
      ['msg', 'Gather End'],
      ['Digits', input.digits],
      ['FinishedOnKey', ''],
    ];
  return [
    ['msg', 'Gather End'],
    ['SpeechResult', input.speech],
    ['Confidence', '0.95'],
    ['Language', 'en-US'],
  ];
}

/** What a report of a call's progress has beyond the fields of every webhook. */
export function reportParameters(
  { end, durationSeconds }: TwilioCallRecord,
  { at, sequence }: { readonly at: Date; readonly sequence: number },
): readonly [string, string][] {
  const seconds = Math.round(durationSeconds);
  return [
    ['Timestamp', rfc2822(at)],
    ['CallbackSource', 'call-progress-events'],
    ['SequenceNumber', String(sequence)],
    ...(end === undefined
      ? []
      : ([
          ['CallDuration', String(seconds)],
          ['Duration', String(Math.ceil(seconds / 60))],
        ] as const satisfies [string, string][])),
  ];
}

function given(name: string, value: string | undefined): [string, string][] {
  return value === undefined ? [] : [[name, value]];
}
