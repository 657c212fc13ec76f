import type { LoopbackReply } from '../carrier/loopback-server.ts';
import { acceptMessage } from './accept-message.ts';
import { json } from './api-reply.ts';
import type { SimContext } from './context.ts';
import { travel } from './message-journey.ts';
import { messageResource } from './message-resource.ts';
import { breakReply } from './reply-faults.ts';
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
  const { inFlight } = context;
  const accept = async (): Promise<LoopbackReply> => {
    const record = acceptMessage(context, draft);
    let reply = json(201, messageResource(context, record));
    if (context.options.receipts === 'before-response') {
      await inFlight.track(travel(context, record));
      return reply;
    }
    // Counted from now on, so that settled() also covers the time until the answer has left.
    const travelled = new Promise<void>((resolve, reject) => {
      reply = {
        ...reply,
        afterwards: () => {
          travel(context, record).then(resolve, reject);
        },
      };
    });
    inFlight.background(travelled);
    return reply;
  };
  return breakReply(fault, accept, (ms) => inFlight.pause(ms));
}
