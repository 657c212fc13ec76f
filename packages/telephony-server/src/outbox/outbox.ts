import {
  type E164,
  isE164,
  isShortCode,
  type MessagingProvider,
  redactAddress,
  type Sender,
  type ShortCode,
  TelephonyError,
} from '@openclaw/telephony-core';
import type { WorkQueue } from '@openclaw/telephony-store';
import {
  assertSmsOptions,
  composeText,
  type ComposedMessage,
  costOf,
  type SmsOptions,
} from './compose.ts';
import type { ConsentLedger } from '../consent/consent.ts';
import { correlationIdOf } from '../observe/correlation.ts';
import { type Logger, reasonOf } from '../observe/logger.ts';
import type { MessageLog } from '../observe/message-log.ts';
import { isAnswer, type OutboxItem, senderKey } from './outbox-item.ts';
import type { RecipientPolicy, SendPurpose } from './recipients.ts';
import type { Schedule } from '../schedule/schedule.ts';
import { assertSendId } from './send-id.ts';
import type { SendLedger } from './send-progress.ts';
import type { SpendLedger } from './spend.ts';

/** Something to be sent to one person. */
export interface SendRequest {
  /** Sending the same id again sends nothing. */
  readonly id: string;
  readonly to: E164 | ShortCode;
  readonly text?: string;
  readonly media?: readonly URL[];
  readonly purpose: SendPurpose;
  /** As whose send it is checked who may be texted; default: the purpose itself. */
  readonly checkedAs?: SendPurpose;
  /** True for a notice that answers a text which just came: it need not wait for the end of the quiet hours. */
  readonly isAnswer?: boolean;
  /** Instead of `sms.flattenMarkdown`. */
  readonly flattenMarkdown?: boolean;
  /** What the log calls the conversation; default: made of the id. */
  readonly correlationId?: string;
  /** Not before then; a moment that has passed is now. */
  readonly sendAt?: Date;
}

/** The outbox has it: it will be sent, even if the process dies now. */
export interface QueuedSend {
  readonly id: string;
  readonly messageCount: number;
  readonly segmentCount: number;
  /** True when this id was sent before; nothing was added. */
  readonly duplicate: boolean;
  /** When it is handed to the outbox; absent for what is there already. */
  readonly scheduledFor?: Date;
}

/** Takes sends in, after every check that can be made before they cost something. */
export interface Outbox {
  /**
   * Durable when it resolves.
   *
   * @throws {TelephonyError} `permission_denied`, `recipient_opted_out`, `invalid_recipient`, `limit_reached`,
   * `unsupported` or `invalid_request`, always `not-performed`
   */
  send(request: SendRequest): Promise<QueuedSend>;
  /**
   * Puts messages in that were composed before, under an id of their own. Consent is asked when they leave.
   *
   * @throws {TelephonyError} `limit_reached`
   */
  put(id: string, item: OutboxItem): Promise<QueuedSend>;
}

/** What {@link createOutbox} takes. */
export interface OutboxOptions {
  readonly messaging: MessagingProvider;
  readonly sender: Sender;
  readonly queue: WorkQueue<OutboxItem>;
  readonly recipients: RecipientPolicy;
  readonly consent: ConsentLedger;
  readonly spend: SpendLedger;
  readonly sends: SendLedger;
  readonly log: MessageLog;
  /** Keeps what is to leave later. */
  readonly schedule: Pick<Schedule, 'isAhead' | 'add'>;
  readonly logger: Logger;
  readonly sms?: SmsOptions;
  /** True when what nobody asked for may have to wait until the morning. */
  readonly hasQuietHours: boolean;
}

/**
 * Makes the outbox of one sender.
 *
 * @throws {RangeError} for a length or a limit that is no whole number from 1 up
 */
export function createOutbox(options: OutboxOptions): Outbox {
  const { messaging, sender, queue, recipients, consent, spend, sends, sms = {} } = options;
  const { log, schedule, logger } = options;
  assertSmsOptions(sms);

  async function put(id: string, item: OutboxItem): Promise<QueuedSend> {
    const cost = costOf(item.messages);
    await spend.reserve(id, cost);
    const unlogged = (error: unknown): undefined => {
      logger.error({ sendId: id, reason: reasonOf(error) }, 'the log of texts failed');
    };
    // At once, so that a store with one commit for many writes has one for these. The queue alone decides: a caller who
    // was told of a failure of the log would send a second time what is queued already.
    const logging = log.recordSend(id, item).catch(unlogged);
    let added: 'added' | 'duplicate' | undefined;
    try {
      added = await queue.add({ id, lane: laneOf(item), payload: item });
    } finally {
      const logged = await logging;
      if (added !== 'added' && logged !== undefined) await log.remove(logged).catch(unlogged);
    }
    return { ...cost, id, duplicate: added === 'duplicate' };
  }

  /**
   * Answers have a line of their own for each person, or they would wait behind what waits for its turn. So has what
   * waits for the morning.
   */
  function laneOf(item: OutboxItem): string {
    const lane = `${senderKey(item.from)} ${item.to}`;
    if (isAnswer(item)) return lane;
    return `${lane} ${item.isUnasked && options.hasQuietHours ? 'unasked' : 'asked'}`;
  }

  return {
    put,
    async send({ id, to, text = '', media = [], purpose, checkedAs = purpose, ...request }) {
      assertSendId(id);
      assertOneRecipient(to);
      const sent = await sends.get(id);
      if (sent !== undefined) return { ...sent.cost, id, duplicate: true };
      await recipients.check(to, checkedAs);
      if (await consent.blocks(to, id)) throw optedOut(to);
      const { flattenMarkdown = sms.flattenMarkdown ?? false, sendAt } = request;
      const isLater = sendAt !== undefined && schedule.isAhead(sendAt);
      const item: OutboxItem = {
        to,
        from: sender,
        purpose,
        messages: compose(text, media, messaging, { ...sms, flattenMarkdown }),
        media: media.map((url) => url.href),
        isUnasked: isLater
          ? purpose !== 'operator'
          : purpose === 'agent' || (purpose === 'notice' && request.isAnswer !== true),
        correlationId: request.correlationId ?? correlationIdOf(id),
      };
      // What was asked for at once stays so: it may wait in the outbox, where nobody can call it off.
      return isLater && !(await spend.isReserved(id))
        ? schedule.add({ id, item, sendAt, checkedAs })
        : put(id, item);
    },
  };
}

export function optedOut(to: string): TelephonyError {
  return new TelephonyError(
    'recipient_opted_out',
    `${redactAddress(to)} asked not to be texted; only their own START lifts it`,
    { outcome: 'not-performed' },
  );
}

/** A program without types may pass a list of numbers, for which one carrier sends and bills several messages. */
function assertOneRecipient(to: string): void {
  if (isE164(to) || isShortCode(to)) return;
  throw new TelephonyError(
    'invalid_recipient',
    'a text goes to exactly one number, such as +15550100123, or one short code',
    { outcome: 'not-performed' },
  );
}

function compose(
  text: string,
  media: readonly URL[],
  { capabilities }: MessagingProvider,
  sms: SmsOptions,
): readonly ComposedMessage[] {
  if (media.length > 0) checkMediaCount(media.length, capabilities.outboundMedia);
  const messages = composeText(text, capabilities, sms);
  if (messages.length > 0) return messages;
  if (media.length > 0) return [{ text: '', segmentCount: 1 }];
  throw new TelephonyError('invalid_request', 'there is nothing to send: no text and no media', {
    outcome: 'not-performed',
  });
}

function checkMediaCount(
  count: number,
  limits: MessagingProvider['capabilities']['outboundMedia'],
): void {
  if (limits === false) {
    throw new TelephonyError('unsupported', 'this carrier cannot send pictures and files', {
      outcome: 'not-performed',
    });
  }
  if (count > limits.maxCount) {
    throw new TelephonyError(
      'invalid_request',
      `${count} media are too many for one message: this carrier takes ${limits.maxCount}`,
      { outcome: 'not-performed' },
    );
  }
}
