import { newCall } from '../carrier/call.ts';
import type { CallRoute } from '../carrier/call-documents.ts';
import { createCallLine } from '../carrier/call-line.ts';
import type { InboundCall } from '../carrier/inbound-call.ts';
import { randomUuid } from '../carrier/random-id.ts';
import { callStatusOf, type PlivoCallRecord } from './call.ts';
import { comeIn } from './call-journey.ts';
import { defaultTimeLimitSeconds } from './call-rules.ts';
import { createCallWebhooks } from './call-webhooks.ts';
import type { PlivoContext } from './context.ts';

/**
 * Calls one of our numbers, and resolves once the call has ended.
 *
 * @throws {RangeError} when the account has no such number, or no more calls are taken
 */
export async function callIn(context: PlivoContext, input: InboundCall): Promise<PlivoCallRecord> {
  const number = context.numbers.get(input.to);
  if (number === undefined) {
    throw new RangeError('`to` is no number of this account; name it in `numbers` at the start');
  }
  if (context.calls.full) throw new RangeError('the simulator keeps no more calls; reset it');
  const { from, to, parameters: extra = {} } = input;
  const call: PlivoCallRecord = newCall(
    context.now,
    {
      id: randomUuid(context.random),
      direction: 'inbound' as const,
      from,
      to,
      requestUuid: undefined,
      authId: number.subaccount ?? context.options.authId,
      timeLimitSeconds: defaultTimeLimitSeconds,
    },
    'ringing',
  );
  const farEnd = { ...context.calls.farEnds.of(from), ...input.farEnd };
  const line = createCallLine<CallRoute>(context, call, { farEnd, statusOf: callStatusOf });
  const application = context.applications.get(number.appId);
  const answer = application?.answerUrl
    ? { url: application.answerUrl, method: application.answerMethod }
    : undefined;
  const hangup = application?.hangupUrl
    ? { url: application.hangupUrl, method: application.hangupMethod }
    : answer;
  const fallback = application?.fallbackAnswerUrl
    ? { url: application.fallbackAnswerUrl, method: 'POST' as const }
    : undefined;
  const webhooks = createCallWebhooks(context, call, { fallback, ring: undefined, hangup, extra });
  context.calls.add(call, line);
  await comeIn(context, { call, line, webhooks }, answer);
  return call;
}
