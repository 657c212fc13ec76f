import { deliverWithFault } from '../carrier/faulty-delivery.ts';
import { createInboundRecord, type InboundText } from '../carrier/inbound-text.ts';
import { type AutoReply, readKeyword } from '../carrier/opt-out.ts';
import { randomHex } from '../carrier/random-id.ts';
import {
  endsAcknowledged,
  type WebhookAttempt,
  type WebhookMessage,
} from '../carrier/webhook-request.ts';
import type { SimContext } from './context.ts';
import { deliverWebhook } from './deliver-webhook.ts';
import { inboundParameters } from './inbound-parameters.ts';
import { sendReplies } from './inbound-replies.ts';
import { keywords } from './keywords.ts';
import type { TwilioInboundDelivery, TwilioInboundRecord } from './message.ts';
import type { TwilioNumberRecord } from './numbers.ts';
import { signedWebhook, withForeignSignature } from './signed-webhook.ts';

/** A text that has arrived at one of our numbers. */
interface Arrival {
  readonly number: TwilioNumberRecord;
  readonly record: TwilioInboundRecord;
  readonly parameters: URLSearchParams;
}

/**
 * Delivers an inbound text.
 *
 * @throws {RangeError} when the account has no such number, the text is empty, or no more records are taken
 */
export async function deliverText(
  context: SimContext,
  input: InboundText,
): Promise<TwilioInboundDelivery> {
  const arrival = receive(context, input);
  const { number, record } = arrival;
  if (context.messages.full) throw new RangeError('the simulator keeps no more messages; reset it');
  context.messages.add(record);
  const autoReply = applyKeyword(context, number, record);
  const { id } = record;
  const first = firstWebhook(context, arrival);
  if (first === undefined) {
    const nothing = { attempts: [], acknowledged: false, replies: [], autoReply };
    return { id, sid: id, request: undefined, ...nothing };
  }
  const { from, to, body: text } = record;
  const { request, attempts } = await deliverWithFault(
    context,
    context.faults.strike('inbound', { from, to, text }),
    {
      first,
      forge: withForeignSignature,
      send: (options) =>
        deliverWebhook(context, {
          message: first,
          configuredUrl: number.messageUrl ?? '',
          sid: id,
          ...options,
        }),
    },
  );
  const more = await tryFallback(context, arrival, attempts);
  const all = [...attempts, ...more];
  const acknowledged = endsAcknowledged(all);
  const replies = acknowledged ? sendReplies(context, record, all.at(-1)) : [];
  return { id, sid: id, request, attempts: all, acknowledged, replies, autoReply };
}

/** The webhook of a text that nobody has sent yet. */
export function draftText(context: SimContext, input: InboundText): WebhookMessage {
  const draft = firstWebhook(context, receive(context, input));
  if (draft !== undefined) return draft;
  throw new RangeError('the number has no `messageUrl`');
}

function receive(context: SimContext, input: InboundText): Arrival {
  const number = context.numbers.get(input.to);
  if (number === undefined) {
    throw new RangeError('`to` is no number of this account; name it in `numbers` at the start');
  }
  const prefix = (input.media ?? []).length > 0 ? 'MM' : 'SM';
  const record = {
    ...createInboundRecord(input, {
      now: context.now,
      id: `${prefix}${randomHex(32, context.random)}`,
      mediaId: () => `ME${randomHex(32, context.random)}`,
    }),
    messagingServiceSid: number.messagingServiceSid,
  };
  const keyword = number.advancedOptOut === true ? readKeyword(record.body, keywords) : undefined;
  const { accountSid } = context.options;
  const media = `${context.url}/2010-04-01/Accounts/${accountSid}/Messages/${record.id}/Media`;
  const parameters = inboundParameters({
    accountSid,
    record,
    mediaUrls: record.media.map(({ id }) => `${media}/${id}`),
    optOutType: input.optOutType ?? keyword,
    extra: input.parameters ?? {},
  });
  return { number, record, parameters };
}

function firstWebhook(
  context: SimContext,
  { number, parameters }: Arrival,
): WebhookMessage | undefined {
  const { messageUrl, messageMethod = 'POST' } = number;
  if (!messageUrl) return undefined;
  return signedWebhook(context, messageUrl, messageMethod, parameters);
}

function applyKeyword(
  { optOuts, autoReplies }: SimContext,
  number: TwilioNumberRecord,
  { from, body }: TwilioInboundRecord,
): AutoReply | undefined {
  const keyword = readKeyword(body, keywords);
  if (keyword === undefined) return undefined;
  const sender = number.messagingServiceSid ?? number.number;
  const answer = optOuts.apply(keyword, sender, from);
  if (answer === undefined) return undefined;
  const reply: AutoReply = { from: number.number, to: from, body: answer };
  autoReplies.add(reply);
  return reply;
}

/** The carrier itself ended it: no reason to call elsewhere. */
function isOurDoing({ error }: WebhookAttempt): boolean {
  return error === 'hung-up' || error === 'aborted';
}

async function tryFallback(
  context: SimContext,
  { number, record, ...arrival }: Arrival,
  attempts: readonly WebhookAttempt[],
): Promise<readonly WebhookAttempt[]> {
  const url = number.messageFallbackUrl;
  const last = attempts.at(-1);
  if (!url || last === undefined || endsAcknowledged(attempts) || isOurDoing(last)) {
    return [];
  }
  const parameters = new URLSearchParams(arrival.parameters);
  parameters.set('ErrorCode', last.status === undefined ? '11205' : '11200');
  parameters.set('ErrorUrl', number.messageUrl ?? '');
  const method = number.messageFallbackMethod ?? 'POST';
  const message = signedWebhook(context, url, method, parameters);
  const { attempts: more } = await deliverWebhook(context, {
    message,
    configuredUrl: url,
    sid: record.id,
  });
  return more;
}
