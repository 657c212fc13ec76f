import { type JsonObject, textIn } from '../carrier/json-object.ts';
import type { LoopbackReply } from '../carrier/loopback-server.ts';
import { ApiError, callError, dataReply } from './api-reply.ts';
import type { TelnyxCallRecord } from './call.ts';
import { readCommand } from './call-commands.ts';
import { callResource } from './call-resource.ts';
import { readClientState } from './call-rules.ts';
import type { TelnyxContext } from './context.ts';

/** `GET /v2/calls/{call_control_id}` */
export function readCall({ calls }: TelnyxContext, id: string): LoopbackReply {
  const call = calls.get(id);
  if (call === undefined) throw new ApiError(10_005, id);
  return dataReply(callResource(call));
}

/** `POST /v2/calls/{call_control_id}/actions/{action}`: gives a call a command. */
export function commandCall(
  context: TelnyxContext,
  { id, action, body }: { readonly id: string; readonly action: string; readonly body: JsonObject },
): LoopbackReply {
  const call = context.calls.get(id);
  if (call === undefined) throw callError(90_015, '', '/call_control_id');
  const done = dataReply({ result: 'ok' });
  const commandId = textIn(body, 'command_id');
  if (commandId !== undefined && context.commandIds.get(commandId) === id) return done;
  if (call.end !== undefined) throw callError(90_018);
  const clientState = readClientState(body);
  give(context, call, action, body);
  if (commandId !== undefined) context.commandIds.set(commandId, id);
  if (clientState !== undefined) call.clientState = clientState;
  return done;
}

function give(
  context: TelnyxContext,
  call: TelnyxCallRecord,
  action: string,
  body: JsonObject,
): void {
  const line = context.calls.line(call.id);
  const isAnswered = call.state === 'answered';
  switch (action) {
    case 'answer': {
      if (call.direction === 'outbound') throw callError(10_015, 'call_control_id');
      if (isAnswered) return;
      line?.answer();
      line?.divert('command');
      return;
    }
    case 'reject': {
      const reason = rejections.get(textIn(body, 'cause') ?? '');
      if (body['cause'] === undefined) throw new ApiError(10_004, 'cause', '/cause');
      if (reason === undefined) throw callError(10_032, 'CALL_REJECTED, USER_BUSY', '/cause');
      // Only what came in and was not picked up can be declined.
      if (call.direction === 'outbound' || isAnswered) throw callError(90_018);
      line?.end({ reason, by: 'api' });
      return;
    }
    case 'hangup': {
      line?.end({ reason: isAnswered ? 'completed' : unanswered(call), by: 'api' });
      return;
    }
    default: {
      const command = readCommand(action, body);
      if (command === undefined) throw unknownAction(action);
      if (!isAnswered) throw callError(90_034);
      const queue = context.queues.get(call.id);
      queue?.commands.push(command);
      if (queue?.isIdle === true) line?.divert('command');
    }
  }
}

const rejections: ReadonlyMap<string, 'rejected' | 'busy'> = new Map([
  ['CALL_REJECTED', 'rejected'],
  ['USER_BUSY', 'busy'],
]);

/** What it is to hang up a call before it was answered. */
function unanswered({ direction }: TelnyxCallRecord): 'canceled' | 'rejected' {
  return direction === 'outbound' ? 'canceled' : 'rejected';
}

/** Actions that Telnyx has and the simulator has not. */
function unknownAction(action: string): ApiError {
  const isKnown =
    /^(?:bridge|client_state_update|enqueue|leave_queue|refer|send_sip_info)$|^(?:ai_assistant|conversation_relay|fork|gather|playback|record|siprec|streaming|suppression|transcription|switch)_/u.test(
      action,
    );
  return isKnown ? new ApiError(10_099, `the command ${action}`) : new ApiError(10_005, action);
}
