import type { WebhookAttempt } from '../carrier/webhook-request.ts';
import { acceptMessage } from './accept-message.ts';
import { ApiError } from './api-reply.ts';
import type { SimContext } from './context.ts';
import type { TwilioInboundRecord, TwilioSimMessage } from './message.ts';
import { travel } from './message-journey.ts';
import type { Draft } from './send-rules.ts';
import { readReply, type TwimlMessage } from './twiml.ts';

/** Sends the messages that the reply to a webhook asks for, and notes what is wrong with it. */
export function sendReplies(
  context: SimContext,
  record: TwilioInboundRecord,
  attempt: WebhookAttempt | undefined,
): readonly TwilioSimMessage[] {
  const { messages, problem } = readReply(attempt?.contentType, attempt?.replyBody ?? '');
  const complain = (code: number): void =>
    context.alerts.add({ code, sid: record.id, url: attempt?.url ?? '' });
  if (problem !== undefined) complain(problem);
  return messages.flatMap((message) => {
    try {
      const accepted = acceptMessage(context, replyDraft(record, message, attempt?.url));
      context.inFlight.background(travel(context, accepted));
      return [accepted];
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      complain(error.code);
      return [];
    }
  });
}

function replyDraft(
  record: TwilioInboundRecord,
  { to, from, body, mediaUrls, statusCallback }: TwimlMessage,
  documentUrl: string | undefined,
): Draft {
  // A whole URL stays as it was written: it is going to be signed.
  const absolute = (url: string): string =>
    /^https?:/iu.test(url) || !URL.canParse(url, documentUrl)
      ? url
      : new URL(url, documentUrl).href;
  return {
    direction: 'outbound-reply',
    to: to ?? record.from,
    from: from ?? record.to,
    messagingServiceSid: undefined,
    body,
    mediaUrls: mediaUrls.map(absolute),
    statusCallback: statusCallback === undefined ? undefined : absolute(statusCallback),
    parameters: new URLSearchParams(),
  };
}
