import {
  type InboundMessage,
  parseOptOutKeyword,
  redactAddress,
  TelephonyError,
} from '@openclaw/telephony-core';
import { Dead, type Job, Retry } from '@openclaw/telephony-store';
import type { AccessControl } from './access.ts';
import type { ConsentLedger, NumberPair } from './consent.ts';
import type { DeliveryTracker } from './deliveries.ts';
import type { InboxItem } from './inbox-item.ts';
import type { Logger } from './logger.ts';
import { canBeAnswered, createNotices, type NoticeTexts } from './notices.ts';
import type { Outbox, QueuedSend } from './outbox.ts';
import type { SendLedger } from './send-progress.ts';

/** What an application answers with: a text, pictures by public URL, or both. */
export type ReplyContent = string | { readonly text?: string; readonly media?: readonly URL[] };

/**
 * Answers the sender. Resolves when the answer is in the outbox and cannot be lost.
 *
 * The same answer is sent once even if the handler runs again after a crash: the first call of a run is the first
 * answer, the second call the second.
 *
 * @throws {TelephonyError} when it may not be sent: `limit_reached`, `recipient_opted_out`, …
 */
export type Reply = (content: ReplyContent) => Promise<QueuedSend>;

/**
 * The application. It runs at least once for each text: again after a crash or a throw, so what it does beside
 * answering should bear repetition.
 */
export type MessageHandler = (message: InboundMessage, reply: Reply) => unknown;

/** What {@link createInboxDispatch} takes. */
export interface InboxDispatchOptions {
  /** Our number or pool as the ledgers know it. */
  readonly ours: string;
  /** Whether a text to this address is for us. */
  readonly isOurs: (address: string) => boolean;
  readonly access: AccessControl;
  readonly consent: ConsentLedger;
  readonly deliveries: DeliveryTracker;
  readonly sends: SendLedger;
  readonly outbox: Outbox;
  readonly logger: Logger;
  readonly onMessage: MessageHandler;
  /** True when nobody else answers STOP and HELP. */
  readonly answersOptOut: boolean;
  readonly texts?: NoticeTexts;
}

/** Makes the handler of inbox jobs: consent, then access, then the application. */
export function createInboxDispatch(
  options: InboxDispatchOptions,
): (job: Job<InboxItem>) => Promise<void> {
  const { access, consent, logger, onMessage, isOurs, ours } = options;
  const notices = createNotices(options);

  async function handle({ id, addedAt }: Job<InboxItem>, message: InboundMessage): Promise<void> {
    const who = { inboxId: id, from: redactAddress(message.from) };
    if (!isOurs(message.to)) throw new Dead('the text was sent to a number that is not configured');

    const pair: NumberPair = { ours, theirs: message.from };
    const blocked = await consent.blocks(pair);
    const keyword = keywordOf(message, blocked);
    if (keyword !== undefined) {
      logger.info({ ...who, keyword }, 'consent keyword');
      return notices.answerKeyword({ id, message, keyword, pair, at: addedAt });
    }
    if (blocked) return logger.info(who, 'ignored: opted out');

    const decision = await access.decide(message.from);
    if (decision.access === 'ignore') {
      // Somebody who was let in may be behind this text: it waits until the answer can be had.
      if (decision.because === 'store-unavailable')
        throw new Error('the access list is out of reach');
      return logger.info({ ...who, because: decision.because }, 'ignored');
    }
    if (decision.access === 'pair') return notices.sendPairing(message, decision.code);

    logger.info({ ...who, segmentCount: message.segmentCount }, 'handled');
    await onMessage(message, createReply(id, message, options.outbox));
  }

  return async (job) => {
    if (job.payload.kind === 'status') return recordReceipt(job.payload, options);
    await handle(job, job.payload.message).catch((error: unknown) => {
      throw toVerdict(error);
    });
  };
}

/**
 * What may not be sent now is tried when it may, what may never be sent is given up; anything else is tried again by
 * the queue, with growing pauses.
 */
function toVerdict(error: unknown): unknown {
  if (!TelephonyError.isInstance(error) || error.outcome !== 'not-performed') return error;
  return error.retryAfterMs === undefined
    ? new Dead(error.message)
    : new Retry(error.retryAfterMs, error.message);
}

/**
 * The carrier's own verdict wins. Without one, START from somebody who never stopped is an ordinary text: "yes" is
 * also an answer.
 */
function keywordOf(message: InboundMessage, blocked: boolean): InboundMessage['optOut'] {
  if (message.optOut !== undefined || message.media.length > 0) return message.optOut;
  const keyword = parseOptOutKeyword(message.text);
  return keyword === 'start' && !blocked ? undefined : keyword;
}

async function recordReceipt(
  receipt: InboxItem & { readonly kind: 'status' },
  { deliveries, sends, logger }: InboxDispatchOptions,
): Promise<void> {
  const { messageId, status, carrierErrorCode, sendRef } = receipt;
  const delivery = await deliveries.record({
    messageId,
    status,
    ...(carrierErrorCode === undefined ? {} : { carrierErrorCode }),
  });
  logger.debug({ messageId, reported: status, status: delivery.status }, 'receipt');
  if (sendRef === undefined) return;
  const known = await sends.reconcile(sendRef, messageId);
  if (known === 'reconciled') logger.info({ messageId }, 'an unknown send turned out to exist');
  if (known === 'pending') throw new Retry(1000, 'the send is still under way');
}

function createReply(inboxId: string, { from }: InboundMessage, outbox: Outbox): Reply {
  let count = 0;
  return (content) => {
    const { text, media } = typeof content === 'string' ? { text: content } : content;
    if (!canBeAnswered(from)) {
      throw new TelephonyError('invalid_recipient', 'nobody can reply to this sender', {
        outcome: 'not-performed',
      });
    }
    count += 1;
    return outbox.send({
      id: `${inboxId}/reply-${count}`,
      to: from,
      purpose: 'reply',
      ...(text === undefined ? {} : { text }),
      ...(media === undefined ? {} : { media }),
    });
  };
}
