import { newCall } from '../carrier/call.ts';
import type { CallRoute } from '../carrier/call-documents.ts';
import { createCallLine } from '../carrier/call-line.ts';
import type { LoopbackReply } from '../carrier/loopback-server.ts';
import { answerThenTravel } from '../carrier/message-journey.ts';
import { randomHex } from '../carrier/random-id.ts';
import { breakReply } from '../carrier/reply-faults.ts';
import { json, refusals } from './api-reply.ts';
import { callStatusOf, type TwilioCallRecord } from './call.ts';
import { goOut } from './call-journey.ts';
import { callResource } from './call-resource.ts';
import { readCallDraft } from './call-rules.ts';
import { createCallWebhooks } from './call-webhooks.ts';
import type { SimContext } from './context.ts';

/** `POST …/Calls.json`: accepts a call, answers, and dials once the answer has left. */
export function placeCall(
  context: SimContext,
  form: URLSearchParams,
): Promise<LoopbackReply | 'hang-up'> {
  const fault = context.faults.strike('call', {
    to: form.get('To') ?? '',
    from: form.get('From') ?? '',
    text: form.get('Twiml') ?? '',
  });
  return breakReply(fault, {
    async carryOut() {
      const { call, dial } = acceptCall(context, form);
      const reply = json(201, callResource(context, call));
      return answerThenTravel(context, reply, dial);
    },
    pause: (ms) => context.inFlight.pause(ms),
    refusals,
  });
}

function acceptCall(
  context: SimContext,
  form: URLSearchParams,
): { readonly call: TwilioCallRecord; readonly dial: () => Promise<void> } {
  const draft = readCallDraft(context, form);
  const { from, to, first, ringTimeoutSeconds, timeLimitSeconds, fallback, reports } = draft;
  const farEnd = context.calls.farEnds.of(to);
  const sid = `CA${randomHex(32, context.random)}`;
  const facts = {
    id: sid,
    sid,
    direction: 'outbound' as const,
    from,
    to,
    answeredBy: undefined,
    timeLimitSeconds,
    parameters: fieldsOf(form),
  };
  const call: TwilioCallRecord = newCall(context.now, facts, 'queued');
  for (const code of draft.problems) {
    call.problems.push(code);
    context.alerts.add({ code, sid, url: form.get('Url') ?? '' });
  }
  const line = createCallLine<CallRoute>(context, call, { farEnd, statusOf: callStatusOf });
  const webhooks = createCallWebhooks(context, call, { fallback, reports, extra: {} });
  context.calls.add(call, line);
  const dial = (): Promise<void> =>
    goOut(context, { call, line, webhooks }, { farEnd, ringTimeoutSeconds, first });
  return { call, dial };
}

/** What is there several times becomes a list. */
function fieldsOf(form: URLSearchParams): Readonly<Record<string, string | readonly string[]>> {
  return Object.fromEntries(
    Array.from(new Set(form.keys()), (name) => {
      const values = form.getAll(name);
      return [name, values.length === 1 ? (values[0] ?? '') : values];
    }),
  );
}
