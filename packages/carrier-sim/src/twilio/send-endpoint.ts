import type { LoopbackReply } from '../carrier/loopback-server.ts';
import { answerThenTravel } from '../carrier/message-journey.ts';
import { breakReply } from '../carrier/reply-faults.ts';
import { acceptMessage } from './accept-message.ts';
import { json, refusals } from './api-reply.ts';
import type { SimContext } from './context.ts';
import { travel } from './message-journey.ts';
import { messageResource } from './message-resource.ts';
import { readDraft } from './send-rules.ts';

/** `POST …/Messages.json`: accepts a message, answers, and lets it travel once the answer has left. */
export function createMessage(
  context: SimContext,
  form: URLSearchParams,
): Promise<LoopbackReply | 'hang-up'> {
  const draft = readDraft(form);
  const fault = context.faults.strike('send', {
    to: draft.to,
    ...(draft.from === undefined ? {} : { from: draft.from }),
    text: draft.body ?? '',
  });
  return breakReply(fault, {
    async carryOut() {
      const record = acceptMessage(context, draft);
      const reply = json(201, messageResource(context, record));
      return answerThenTravel(context, reply, () => travel(context, record));
    },
    pause: (ms) => context.inFlight.pause(ms),
    refusals,
  });
}
