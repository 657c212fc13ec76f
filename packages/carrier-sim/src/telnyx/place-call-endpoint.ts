import { newCall } from '../carrier/call.ts';
import { createCallLine } from '../carrier/call-line.ts';
import { type JsonObject, textIn } from '../carrier/json-object.ts';
import type { LoopbackReply } from '../carrier/loopback-server.ts';
import { answerThenTravel } from '../carrier/message-journey.ts';
import { breakReply } from '../carrier/reply-faults.ts';
import { dataReply, refusals } from './api-reply.ts';
import { callStatusOf, type TelnyxCallRecord } from './call.ts';
import { createCallEvents } from './call-events.ts';
import { callIds } from './call-ids.ts';
import { goOut } from './call-journey.ts';
import { callResource } from './call-resource.ts';
import { readCallDraft } from './call-rules.ts';
import type { TelnyxContext } from './context.ts';

/** `POST /v2/calls`: accepts a call, answers, and dials once the answer has left. */
export function placeCall(
  context: TelnyxContext,
  request: JsonObject,
): Promise<LoopbackReply | 'hang-up'> {
  const fault = context.faults.strike('call', {
    to: textIn(request, 'to') ?? '',
    from: textIn(request, 'from') ?? '',
  });
  return breakReply(fault, {
    async carryOut() {
      const { call, dial } = acceptCall(context, request);
      return answerThenTravel(context, dataReply(callResource(call)), dial);
    },
    pause: (ms) => context.inFlight.pause(ms),
    refusals,
  });
}

function acceptCall(
  context: TelnyxContext,
  request: JsonObject,
): { readonly call: TelnyxCallRecord; readonly dial: () => Promise<void> } {
  const { urls, ringTimeoutSeconds, ...draft } = readCallDraft(context, request);
  const { calls, queues, random, commandIds, now } = context;
  // The same command again is the same call.
  const commandId = textIn(request, 'command_id');
  const before = commandId === undefined ? undefined : calls.get(commandIds.get(commandId) ?? '');
  if (before !== undefined) return { call: before, dial: () => Promise.resolve() };
  const direction = 'outbound' as const;
  const facts = { ...callIds(random), ...draft, direction, parameters: request };
  const call: TelnyxCallRecord = newCall(now, facts, 'bridging');
  if (commandId !== undefined) commandIds.set(commandId, call.id);
  const farEnd = calls.farEnds.of(call.to);
  const line = createCallLine<'command'>(context, call, { farEnd, statusOf: callStatusOf });
  const tell = createCallEvents(context, call, { urls, extra: {} });
  const queue = { commands: [], isIdle: false };
  calls.add(call, line);
  queues.set(call.id, queue);
  const dial = (): Promise<void> =>
    goOut(context, { call, line, tell }, { farEnd, ringTimeoutSeconds, queue });
  return { call, dial };
}
