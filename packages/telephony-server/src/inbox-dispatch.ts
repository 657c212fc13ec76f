import { type InboundMessage, redactAddress, TelephonyError } from '@openclaw/telephony-core';
import { Dead, type Job, Retry } from '@openclaw/telephony-store';
import type { AccessControl } from './access.ts';
import type { Confirm } from './confirmation.ts';
import type { ConsentLedger } from './consent.ts';
import type { TextItem } from './inbox-item.ts';
import { liftsStop } from './keyword.ts';
import { type Logger, reasonOf } from './logger.ts';
import { canBeAnswered, type Notices } from './notices.ts';
import type { Outbox, QueuedSend } from './outbox.ts';
import { passesByItself } from './passing-failure.ts';
import { replyId } from './send-id.ts';

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
  /** Whether a text to this address is for us. */
  readonly isOurs: (address: string) => boolean;
  readonly access: AccessControl;
  readonly confirm: Confirm;
  readonly consent: ConsentLedger;
  readonly notices: Notices;
  readonly outbox: Outbox;
  readonly logger: Logger;
  readonly onMessage: MessageHandler;
}

/** Makes the handler of texts: consent, then access, then the application. */
export function createInboxDispatch(
  options: InboxDispatchOptions,
): (job: Job<TextItem>) => Promise<void> {
  const { access, confirm, consent, notices, logger, onMessage, isOurs } = options;

  async function handle(id: string, { message, unconfirmed }: TextItem): Promise<void> {
    const { from, to, segmentCount } = message;
    const who = { inboxId: id, from: redactAddress(from) };
    if (!isOurs(to)) throw new Dead('the text was sent to a number that is not configured');

    if (unconfirmed) await confirm(message.id);
    if (await consent.blocks(from)) {
      if (liftsStop(message)) return notices.answerKeyword({ id, message, keyword: 'start' });
      return logger.info(who, 'ignored: opted out');
    }
    const decision = await access.decide(from);
    if (decision.access === 'ignore') {
      // Somebody who was let in may be behind this text: it waits until the answer can be had.
      if (decision.because === 'store-unavailable')
        throw new Retry(1000, 'the access list is out of reach');
      return logger.info({ ...who, because: decision.because }, 'ignored');
    }
    if (decision.access === 'pair') return notices.sendPairing(message, decision.code);

    logger.info({ ...who, segmentCount }, 'handled');
    await onMessage(message, createReply(id, message, options.outbox));
  }

  return ({ id, payload, attempt }) =>
    handle(id, payload).catch((error: unknown) => {
      throw toVerdict(error, attempt);
    });
}

/** After so many runs a text is given up, whatever it waits for. */
const mostAttempts = 100;
const longestWaitMs = 24 * 3_600_000;

/**
 * What may not be sent now is tried when it may, what may never be sent is given up; anything else is tried again by
 * the queue, with growing pauses.
 */
function toVerdict(error: unknown, attempt: number): unknown {
  if (attempt >= mostAttempts)
    return new Dead(`given up after ${attempt} runs: ${reasonOf(error)}`);
  if (!TelephonyError.isInstance(error) || error.outcome !== 'not-performed') return error;
  if (!passesByItself(error)) return new Dead(error.message);
  return error.retryAfterMs === undefined
    ? error
    : new Retry(Math.min(error.retryAfterMs, longestWaitMs), error.message);
}

function createReply(inboxId: string, { from }: InboundMessage, outbox: Outbox): Reply {
  let count = 0;
  return async (content) => {
    count += 1;
    const id = replyId(inboxId, count);
    const { text, media } = typeof content === 'string' ? { text: content } : content;
    if (!canBeAnswered(from)) {
      throw new TelephonyError('invalid_recipient', 'nobody can reply to this sender', {
        outcome: 'not-performed',
      });
    }
    return outbox.send({
      id,
      to: from,
      purpose: 'reply',
      ...(text === undefined ? {} : { text }),
      ...(media === undefined ? {} : { media }),
    });
  };
}
