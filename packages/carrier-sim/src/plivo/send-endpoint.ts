import { type JsonObject, textIn } from '../carrier/json-object.ts';
import type { LoopbackReply } from '../carrier/loopback-server.ts';
import { answerThenTravel } from '../carrier/message-journey.ts';
import { breakReply } from '../carrier/reply-faults.ts';
import { acceptMessages } from './accept-message.ts';
import { fromPlivoAddress } from './addresses.ts';
import { type ApiReplies, createRefusals } from './api-reply.ts';
import type { PlivoContext } from './context.ts';
import { travel } from './message-journey.ts';
import { checkRequest } from './send-rules.ts';

/** `POST …/Message/`: accepts a message, answers, and lets it travel once the answer has left. */
export function createMessage(
  context: PlivoContext,
  replies: ApiReplies,
  { authId, parameters }: { readonly authId: string; readonly parameters: JsonObject },
): Promise<LoopbackReply | 'hang-up'> {
  const fault = context.faults.strike('send', {
    to: fromPlivoAddress(textIn(parameters, 'dst') ?? ''),
    from: fromPlivoAddress(textIn(parameters, 'src') ?? ''),
    text: textIn(parameters, 'text') ?? '',
  });
  return breakReply(fault, {
    async carryOut() {
      const draft = checkRequest(context, parameters);
      const sending = { direction: 'outbound-api', authId, parameters } as const;
      const records = acceptMessages(context, draft, sending);
      const reply = replies.document(202, {
        message: 'message(s) queued',
        message_uuid: records.map(({ id }) => id),
        ...(draft.invalidNumbers.length === 0 ? {} : { invalid_number: draft.invalidNumbers }),
      });
      return answerThenTravel(context, reply, async () => {
        await Promise.all(records.map((record) => travel(context, record)));
      });
    },
    pause: (ms) => context.inFlight.pause(ms),
    refusals: createRefusals(replies),
  });
}
