import { deliverWithFault, type WebhookDraft } from '../carrier/faulty-delivery.ts';
import {
  createInboundRecord,
  type InboundDelivery,
  type InboundText,
} from '../carrier/inbound-text.ts';
import { cdnUrlOf } from '../carrier/media-origin.ts';
import { readKeyword } from '../carrier/opt-out.ts';
import { randomUuid } from '../carrier/random-id.ts';
import {
  endsAcknowledged,
  type WebhookAttempt,
  type WebhookMessage,
} from '../carrier/webhook-request.ts';
import { acceptMessages, orNothing } from './accept-message.ts';
import { toPlivoAddress } from './addresses.ts';
import type { PlivoContext } from './context.ts';
import { intents, keywords } from './keywords.ts';
import type { OutboundRecord, PlivoInboundRecord } from './message.ts';
import { travel } from './message-journey.ts';
import { rateOf } from './message-resource.ts';
import type { PlivoNumberRecord } from './numbers.ts';
import { applyKeyword } from './opt-outs.ts';
import { readReply } from './reply-xml.ts';
import { checkRequest } from './send-rules.ts';
import { draftWebhook } from './signed-webhook.ts';

/** A text that has arrived at one of our numbers, and its webhook. */
interface Arrival {
  readonly number: PlivoNumberRecord;
  readonly record: PlivoInboundRecord;
  readonly webhook: WebhookDraft | undefined;
}

/**
 * Delivers an inbound text.
 *
 * @throws {RangeError} when the account has no such number, the text is empty, or no more records are taken
 */
export async function deliverText(
  context: PlivoContext,
  input: InboundText,
): Promise<InboundDelivery> {
  const { number, record, webhook } = receive(context, input);
  if (context.messages.full) throw new RangeError('the simulator keeps no more messages; reset it');
  context.messages.add(record);
  applyKeyword(context, record);
  const { id, from, to, body: text } = record;
  const common = { id, autoReply: undefined };
  if (webhook === undefined) {
    return { ...common, request: undefined, attempts: [], acknowledged: false, replies: [] };
  }
  const fault = context.faults.strike('inbound', { from, to, text });
  const { request, attempts } = await deliverWithFault(context, fault, webhook);
  const acknowledged = endsAcknowledged(attempts);
  if (!acknowledged && attempts.length > 0) record.errorCode = 2_403;
  const replies = acknowledged ? sendReplies(context, { number, record }, attempts.at(-1)) : [];
  return { ...common, request, attempts, acknowledged, replies };
}

/** The webhook of a text that nobody has sent yet. */
export function draftText(context: PlivoContext, input: InboundText): WebhookMessage {
  const { webhook } = receive(context, input);
  if (webhook !== undefined) return webhook.first;
  throw new RangeError('the application of the number has no message URL: set `messageUrl`');
}

function receive(context: PlivoContext, input: InboundText): Arrival {
  const number = context.numbers.get(input.to);
  if (number === undefined) {
    throw new RangeError('`to` is no number of this account; name it in `numbers` at the start');
  }
  const uuid = (): string => randomUuid(context.random);
  const record: PlivoInboundRecord = {
    ...createInboundRecord(input, { now: context.now, id: uuid(), mediaId: uuid }),
    powerpackUuid: number.powerpackUuid,
    errorCode: undefined,
  };
  const { messageUrl: url, messageMethod: method = 'POST', subaccount } = number;
  if (url === undefined) return { number, record, webhook: undefined };
  const parameters = inboundParameters(context, record, input);
  return {
    number,
    record,
    webhook: draftWebhook(context, { url, method, parameters, subaccount }),
  };
}

/** The form of an inbound text. A text has `Text`, a picture message `Body`. */
function inboundParameters(
  context: PlivoContext,
  record: PlivoInboundRecord,
  input: InboundText,
): URLSearchParams {
  const { id, from, to, body, media, powerpackUuid, numSegments } = record;
  const keyword = input.optOutType ?? readKeyword(body, keywords);
  const parameters = new URLSearchParams({
    From: toPlivoAddress(from),
    MessageIntent: keyword === undefined ? '' : intents[keyword],
    MessageUUID: id,
    ...(powerpackUuid === undefined ? {} : { PowerpackUUID: powerpackUuid }),
    ...(media.length === 0 ? { Text: body } : { Body: body, MediaCount: String(media.length) }),
    To: toPlivoAddress(to),
    TotalAmount: rateOf(numSegments),
    TotalRate: rateOf(1),
    Type: media.length === 0 ? 'sms' : 'mms',
    Units: String(numSegments),
  });
  for (const [index, { id: mediaId }] of media.entries()) {
    parameters.set(`Media${index}`, cdnUrlOf(context, id, mediaId));
  }
  for (const [name, value] of Object.entries(input.parameters ?? {})) parameters.set(name, value);
  return parameters;
}

/** Sends the messages that the reply's XML asks for; what the API would refuse is left out. */
function sendReplies(
  context: PlivoContext,
  { number, record }: Pick<Arrival, 'number' | 'record'>,
  attempt: WebhookAttempt | undefined,
): readonly OutboundRecord[] {
  return readReply(attempt?.replyBody ?? '').flatMap(({ src, dst, body, ...callback }) =>
    orNothing(() => {
      const parameters = {
        src: src ?? record.to,
        dst: dst ?? record.from,
        text: body,
        url: callback.callbackUrl,
        method: callback.callbackMethod,
      };
      const accepted = acceptMessages(context, checkRequest(context, parameters), {
        direction: 'outbound-reply',
        authId: number.subaccount ?? context.options.authId,
        parameters,
      });
      for (const message of accepted) context.inFlight.background(travel(context, message));
      return accepted;
    }),
  );
}
