import type { WebhookAttempt, WebhookMessage } from '../carrier/webhook-request.ts';
import type { SimContext } from './context.ts';
import { deliverWebhook, endsAcknowledged } from './deliver-webhook.ts';
import { deliverWithFault } from './faulty-delivery.ts';
import { inboundParameters } from './inbound-parameters.ts';
import { createInboundRecord, type InboundText, mediaUrl } from './inbound-record.ts';
import { sendReplies } from './inbound-replies.ts';
import type { InboundRecord, SimMessage } from './message.ts';
import type { NumberRecord } from './numbers.ts';
import { type AutoReply, readKeyword } from './opt-out.ts';
import { signedWebhook } from './signed-webhook.ts';

/** What became of an inbound text. */
export interface InboundDelivery {
  /** `SM`, or `MM` with media, and 32 hexadecimal digits. */
  readonly sid: string;
  /** The webhook byte for byte; undefined for a number without a URL. */
  readonly request: WebhookMessage | undefined;
  /** Every try, with retries and, at the end, the fallback URL. */
  readonly attempts: readonly WebhookAttempt[];
  /** The last attempt was answered with 2xx. */
  readonly acknowledged: boolean;
  /** Messages that the reply's TwiML asked for. */
  readonly replies: readonly SimMessage[];
  /** The carrier's own answer to an opt-out keyword. */
  readonly autoReply: AutoReply | undefined;
}

/**
 * Delivers an inbound text.
 *
 * @throws {RangeError} when the account has no such number, the text is empty, or no more records are taken
 */
export async function deliverText(
  context: SimContext,
  input: InboundText,
): Promise<InboundDelivery> {
  const { numbers, messages, faults } = context;
  const number = numbers.get(input.to);
  if (number === undefined) {
    throw new RangeError('`to` is no number of this account; name it in `numbers` at the start');
  }
  if ((input.text ?? '') === '' && (input.media ?? []).length === 0) {
    throw new RangeError('an inbound message has text or media');
  }
  if (messages.full) throw new RangeError('the simulator keeps no more messages; reset it');
  const record = createInboundRecord(context, input, number);
  messages.add(record);
  const autoReply = applyKeyword(context, number, record);
  const nothing = { sid: record.sid, attempts: [], acknowledged: false, replies: [], autoReply };
  if (!number.messageUrl) return { ...nothing, request: undefined };

  const keyword = number.advancedOptOut === true ? readKeyword(record.body) : undefined;
  const parameters = inboundParameters({
    accountSid: context.options.accountSid,
    record,
    mediaUrls: record.media.map((media) => mediaUrl(context, record, media)),
    optOutType: input.optOutType ?? keyword,
    extra: input.parameters ?? {},
  });
  const { from, to, body: text } = record;
  const { request, attempts } = await deliverWithFault(
    context,
    faults.strike('inbound', { from, to, text }),
    {
      message: signedWebhook(
        context,
        number.messageUrl,
        number.messageMethod ?? 'POST',
        parameters,
      ),
      configuredUrl: number.messageUrl,
      sid: record.sid,
    },
  );
  const more = await tryFallback(context, { number, record, parameters, attempts });
  const all = [...attempts, ...more];
  const acknowledged = endsAcknowledged(all);
  const replies = acknowledged ? sendReplies(context, record, all.at(-1)) : [];
  return { sid: record.sid, request, attempts: all, acknowledged, replies, autoReply };
}

function applyKeyword(
  { optOuts, autoReplies }: SimContext,
  number: NumberRecord,
  { from, body }: InboundRecord,
): AutoReply | undefined {
  const keyword = readKeyword(body);
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
  failed: {
    readonly number: NumberRecord;
    readonly record: InboundRecord;
    readonly parameters: URLSearchParams;
    readonly attempts: readonly WebhookAttempt[];
  },
): Promise<readonly WebhookAttempt[]> {
  const { number, record, attempts } = failed;
  const url = number.messageFallbackUrl;
  const last = attempts.at(-1);
  if (!url || last === undefined || endsAcknowledged(attempts) || isOurDoing(last)) {
    return [];
  }
  const parameters = new URLSearchParams(failed.parameters);
  parameters.set('ErrorCode', last.status === undefined ? '11205' : '11200');
  parameters.set('ErrorUrl', number.messageUrl ?? '');
  const method = number.messageFallbackMethod ?? 'POST';
  const message = signedWebhook(context, url, method, parameters);
  return deliverWebhook(context, { message, configuredUrl: url, sid: record.sid, hangUp: false });
}
