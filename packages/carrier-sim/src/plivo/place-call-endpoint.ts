import { newCall } from '../carrier/call.ts';
import type { CallRoute } from '../carrier/call-documents.ts';
import { createCallLine } from '../carrier/call-line.ts';
import { type JsonObject, textIn } from '../carrier/json-object.ts';
import type { LoopbackReply } from '../carrier/loopback-server.ts';
import { answerThenTravel } from '../carrier/message-journey.ts';
import { randomUuid } from '../carrier/random-id.ts';
import { breakReply } from '../carrier/reply-faults.ts';
import { fromPlivoAddress } from './addresses.ts';
import { type ApiReplies, createRefusals } from './api-reply.ts';
import { callStatusOf, type PlivoCallRecord } from './call.ts';
import { goOut } from './call-journey.ts';
import { type CallDraft, readCallDraft } from './call-rules.ts';
import { createCallWebhooks } from './call-webhooks.ts';
import type { PlivoContext } from './context.ts';

/** `POST …/Call/`: accepts a call, answers, and dials once the answer has left. */
export function placeCall(
  context: PlivoContext,
  replies: ApiReplies,
  { authId, parameters }: { readonly authId: string; readonly parameters: JsonObject },
): Promise<LoopbackReply | 'hang-up'> {
  const fault = context.faults.strike('call', {
    to: fromPlivoAddress(textIn(parameters, 'to') ?? ''),
    from: fromPlivoAddress(textIn(parameters, 'from') ?? ''),
  });
  return breakReply(fault, {
    async carryOut() {
      const draft = readCallDraft(context, parameters);
      const accepted = draft.to.map((to) => acceptCall(context, draft, { to, authId, parameters }));
      const uuids = accepted.map(({ requestUuid }) => requestUuid);
      const reply = replies.document(201, {
        message: uuids.length === 1 ? 'call fired' : 'calls fired',
        request_uuid: uuids.length === 1 ? uuids[0] : uuids,
      });
      return answerThenTravel(context, reply, async () => {
        await Promise.all(accepted.map(({ dial }) => dial()));
      });
    },
    pause: (ms) => context.inFlight.pause(ms),
    refusals: createRefusals(replies),
  });
}

function acceptCall(
  context: PlivoContext,
  { from, answer, fallback, ring, hangup, ringTimeoutSeconds, timeLimitSeconds }: CallDraft,
  {
    to,
    authId,
    parameters,
  }: { readonly to: string; readonly authId: string; readonly parameters: JsonObject },
): { readonly requestUuid: string; readonly dial: () => Promise<void> } {
  const { options, random, calls } = context;
  const id = randomUuid(random);
  const requestUuid = options.requestUuids === 'same' ? id : randomUuid(random);
  const direction = 'outbound' as const;
  const facts = { id, direction, from, to, requestUuid, authId, timeLimitSeconds, parameters };
  const call: PlivoCallRecord = newCall(context.now, facts, 'queued');
  const farEnd = calls.farEnds.of(to);
  const line = createCallLine<CallRoute>(context, call, { farEnd, statusOf: callStatusOf });
  const isMachine = farEnd.answer === 'machine' && parameters['machine_detection'] !== undefined;
  const extra: Record<string, string> = isMachine ? { Machine: 'true' } : {};
  const webhooks = createCallWebhooks(context, call, { fallback, ring, hangup, extra });
  calls.add(call, line);
  const dial = (): Promise<void> =>
    goOut(context, { call, line, webhooks }, { farEnd, ringTimeoutSeconds, answer });
  return { requestUuid, dial };
}
