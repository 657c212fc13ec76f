import { newCall } from '../carrier/call.ts';
import type { CallRoute } from '../carrier/call-documents.ts';
import { createCallLine } from '../carrier/call-line.ts';
import type { InboundCall } from '../carrier/inbound-call.ts';
import { randomHex } from '../carrier/random-id.ts';
import { callStatusOf, type TwilioCallRecord } from './call.ts';
import { comeIn } from './call-journey.ts';
import { defaultTimeLimitSeconds } from './call-rules.ts';
import { createCallWebhooks } from './call-webhooks.ts';
import type { SimContext } from './context.ts';

/**
 * Calls one of our numbers, and resolves once the call has ended.
 *
 * @throws {RangeError} when the account has no such number, or no more calls are taken
 */
export async function callIn(context: SimContext, input: InboundCall): Promise<TwilioCallRecord> {
  const number = context.numbers.get(input.to);
  if (number === undefined) {
    throw new RangeError('`to` is no number of this account; name it in `numbers` at the start');
  }
  if (context.calls.full) throw new RangeError('the simulator keeps no more calls; reset it');
  const { from, to, parameters: extra = {} } = input;
  const sid = `CA${randomHex(32, context.random)}`;
  const facts = {
    id: sid,
    sid,
    direction: 'inbound' as const,
    from,
    to,
    answeredBy: undefined,
    timeLimitSeconds: defaultTimeLimitSeconds,
  };
  const call: TwilioCallRecord = newCall(context.now, facts, 'ringing');
  const farEnd = { ...context.calls.farEnds.of(from), ...input.farEnd };
  const line = createCallLine<CallRoute>(context, call, { farEnd, statusOf: callStatusOf });
  const { voiceUrl, voiceMethod = 'POST', voiceFallbackUrl: fallback, statusCallback } = number;
  const webhooks = createCallWebhooks(context, call, {
    fallback: fallback ? { url: fallback, method: 'POST' } : undefined,
    reports: statusCallback
      ? { url: statusCallback, method: 'POST', events: new Set(['completed']) }
      : undefined,
    extra,
  });
  context.calls.add(call, line);
  await comeIn(context, { call, line, webhooks }, voiceUrl, voiceMethod);
  return call;
}
