import { deliverWithFault, type WebhookDraft } from '../carrier/faulty-delivery.ts';
import {
  createInboundRecord,
  type InboundDelivery,
  type InboundText,
} from '../carrier/inbound-text.ts';
import type { JsonObject } from '../carrier/json-object.ts';
import { type AutoReply, readKeyword } from '../carrier/opt-out.ts';
import { randomUuid } from '../carrier/random-id.ts';
import { endsAcknowledged, type WebhookMessage } from '../carrier/webhook-request.ts';
import type { TelnyxContext } from './context.ts';
import { keywords } from './keywords.ts';
import type { TelnyxInboundRecord } from './message.ts';
import { inboundPayload } from './message-resource.ts';
import { createEvent, draftEvent } from './signed-event.ts';

/** A text, or a picture message, that somebody sends to one of our numbers. */
export interface TelnyxInboundText extends InboundText {
  /** Further fields of the event's `payload`, or other values for those that are there. */
  readonly payload?: JsonObject;
}

/** A text that has arrived at one of our numbers, and its webhook. */
interface Arrival {
  readonly record: TelnyxInboundRecord;
  readonly webhook: WebhookDraft | undefined;
}

/**
 * Delivers an inbound text.
 *
 * @throws {RangeError} when the account has no such number, the text is empty, or no more records are taken
 */
export async function deliverText(
  context: TelnyxContext,
  input: TelnyxInboundText,
): Promise<InboundDelivery> {
  const { record, webhook } = receive(context, input);
  if (context.messages.full) throw new RangeError('the simulator keeps no more messages; reset it');
  context.messages.add(record);
  const autoReply = applyKeyword(context, record);
  const { id, from, to, body: text } = record;
  if (webhook === undefined) {
    return { id, request: undefined, attempts: [], acknowledged: false, replies: [], autoReply };
  }
  const fault = context.faults.strike('inbound', { from, to, text });
  const { request, attempts } = await deliverWithFault(context, fault, webhook);
  return {
    id,
    request,
    attempts,
    acknowledged: endsAcknowledged(attempts),
    // Telnyx does not read what the webhook is answered with.
    replies: [],
    autoReply,
  };
}

/** The webhook of a text that nobody has sent yet. */
export function draftText(context: TelnyxContext, input: TelnyxInboundText): WebhookMessage {
  const { webhook } = receive(context, input);
  if (webhook !== undefined) return webhook.first;
  throw new RangeError('the profile of the number has no webhook: set `messageUrl`');
}

function receive(context: TelnyxContext, input: TelnyxInboundText): Arrival {
  const number = context.numbers.get(input.to);
  if (number === undefined) {
    throw new RangeError('`to` is no number of this account; name it in `numbers` at the start');
  }
  const uuid = (): string => randomUuid(context.random);
  const record = {
    ...createInboundRecord(input, { now: context.now, id: uuid(), mediaId: uuid }),
    messagingProfileId: number.messagingProfileId,
  };
  if (number.messageUrl === undefined) return { record, webhook: undefined };
  const keyword = input.optOutType ?? readKeyword(record.body, keywords);
  const payload = {
    ...inboundPayload(context, record),
    ...(keyword === undefined ? {} : { autoresponse_type: keyword }),
    ...input.parameters,
    ...input.payload,
  };
  const event = createEvent(context, 'message.received', payload);
  const failover = number.messageFallbackUrl === undefined ? [] : [number.messageFallbackUrl];
  return { record, webhook: draftEvent(context, event, [number.messageUrl, ...failover]) };
}

/** STOP to one number holds for all that are on its profile. */
function applyKeyword(
  { optOuts, autoReplies }: TelnyxContext,
  { from, to, body, messagingProfileId }: TelnyxInboundRecord,
): AutoReply | undefined {
  const keyword = readKeyword(body, keywords);
  if (keyword === undefined || messagingProfileId === undefined) return undefined;
  const answer = optOuts.apply(keyword, messagingProfileId, from);
  if (answer === undefined) return undefined;
  const reply: AutoReply = { from: to, to: from, body: answer };
  autoReplies.add(reply);
  return reply;
}
