import { type InboundMessage, redactAddress, TelephonyError } from '@openclaw/telephony-core';
import { Dead, type Job, Retry } from '@openclaw/telephony-store';
import type { AccessControl, AccessDecision } from './access.ts';
import type { Confirm } from './confirmation.ts';
import type { ConsentLedger } from '../consent/consent.ts';
import { correlationIdOf } from '../observe/correlation.ts';
import type { DispatchLimits } from './dispatch-limits.ts';
import { growingPauseMs } from '../retry/growing-pause.ts';
import type { HandlerRuns } from './handler-runs.ts';
import { saidOf, type TextItem } from './inbox-item.ts';
import { liftsStop } from '../consent/keyword.ts';
import { type Logger, reasonOf } from '../observe/logger.ts';
import type { Reply } from './message-handler.ts';
import type { Metrics } from '../observe/metrics.ts';
import { canBeAnswered, type Notices } from '../consent/notices.ts';
import type { MediaOutbox } from '../media/media-outbox.ts';
import { passesByItself } from '../retry/passing-failure.ts';
import type { Patience } from '../retry/patience.ts';
import { replyId } from '../outbox/send-id.ts';

/** What {@link createInboxDispatch} takes. */
export interface InboxDispatchOptions {
  /** Whether a text to this address is for us. */
  readonly isOurs: (address: string) => boolean;
  readonly access: AccessControl;
  readonly confirm: Confirm;
  readonly consent: ConsentLedger;
  readonly notices: Notices;
  readonly outbox: MediaOutbox;
  readonly limits: DispatchLimits;
  readonly runs: HandlerRuns;
  /** How long the access list is waited for. */
  readonly patience: Patience;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** How a run of a text ended, when it ended well. */
type Result = 'handled' | 'ignored' | 'opted_out' | 'paired';

/** Waits for a limit of ours: not a try that failed, however often it happens. */
class HeldBack extends Retry {}

/** Makes the handler of texts: consent, then access, then the limits, then the application. */
export function createInboxDispatch(
  options: InboxDispatchOptions,
): (job: Job<TextItem>) => Promise<void> {
  const { access, confirm, consent, notices, limits, runs, logger, metrics, isOurs } = options;
  const { patience } = options;

  /** Somebody who was let in may be behind this text: it waits until the answer can be had, however long. */
  async function decide({ id, payload, attempt }: Job<TextItem>): Promise<AccessDecision> {
    let reason = 'store-unavailable';
    try {
      const decision = await patience(() => access.decide(payload.message.from));
      if (decision.access !== 'ignore' || decision.because !== reason) return decision;
    } catch (error) {
      if (Retry.isInstance(error) || Dead.isInstance(error)) throw error;
      reason = reasonOf(error);
    }
    logger.warn(
      { correlationId: correlationIdOf(id), attempt, reason },
      'waits: the access list is out of reach',
    );
    throw new Retry(
      growingPauseMs(attempt, longestAccessPauseMs),
      'the access list is out of reach',
    );
  }

  async function handle(job: Job<TextItem>): Promise<Result> {
    const { id, payload, attempt, addedAt } = job;
    const { message, unconfirmed } = payload;
    const { from, to, segmentCount } = message;
    const correlationId = correlationIdOf(id);
    const who = { correlationId, inboxId: id, from: redactAddress(from) };
    if (!isOurs(to)) throw new Dead('the text was sent to a number that is not configured');

    if (unconfirmed) await confirm(message.id, addedAt);
    if (await consent.blocks(from)) {
      if (liftsStop(message)) {
        const said = saidOf(payload);
        await notices.answerKeyword({ id, message, keyword: 'start', said, correlationId });
      } else logger.info(who, 'ignored: opted out');
      return 'opted_out';
    }
    const decision = await decide(job);
    if (decision.access === 'ignore') {
      logger.info({ ...who, because: decision.because }, 'ignored');
      return 'ignored';
    }
    const held = decision.access === 'pair' ? limits.take(from) : limits.take(from, to);
    if (held !== undefined) {
      // Whose text it is, the line does not say, not even in part.
      logger.info({ correlationId, ...held }, 'waits: too many texts within a minute');
      throw new HeldBack(held.waitMs, 'too many texts within a minute');
    }
    if (decision.access === 'pair') {
      await notices.sendPairing(message, decision.code, correlationId);
      return 'paired';
    }
    logger.info({ ...who, attempt, segmentCount }, 'handled');
    const reply = createReply(id, message, options);
    await runs.run(message, reply, { correlationId, attempt, receivedAt: addedAt });
    return 'handled';
  }

  return async (job) => {
    try {
      const result = await handle(job);
      metrics.count('telephony_texts_handled_total', { result });
    } catch (error) {
      const verdict = error instanceof HeldBack ? error : toVerdict(error);
      metrics.count('telephony_texts_handled_total', { result: resultOf(verdict) });
      throw verdict;
    }
  };
}

function resultOf(verdict: unknown): string {
  if (verdict instanceof HeldBack) return 'limited';
  return Dead.isInstance(verdict) ? 'dead' : 'retried';
}

const longestAccessPauseMs = 60_000;
const shortestWaitMs = 1000;
const longestWaitMs = 24 * 3_600_000;

/**
 * What a limit of ours holds back is tried when it may be sent, however often; what may never be sent is given up.
 * Anything else counts as a failure, and is tried again by the queue, with growing pauses.
 */
function toVerdict(error: unknown): unknown {
  if (!TelephonyError.isInstance(error) || error.outcome !== 'not-performed') return error;
  if (!passesByItself(error)) return new Dead(error.message);
  const { code, retryAfterMs, message } = error;
  if (retryAfterMs === undefined) return error;
  const waitMs = Math.min(Math.max(retryAfterMs, shortestWaitMs), longestWaitMs);
  return new Retry(waitMs, message, { isFailure: code !== 'limit_reached' });
}

function createReply(
  inboxId: string,
  { from }: InboundMessage,
  { outbox, logger }: InboxDispatchOptions,
): Reply {
  const correlationId = correlationIdOf(inboxId);
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
    const queued = await outbox.send({
      id,
      to: from,
      purpose: 'reply',
      correlationId,
      ...(text === undefined ? {} : { text }),
      ...(media === undefined ? {} : { media }),
    });
    const { messageCount, segmentCount, duplicate } = queued;
    logger.info(
      { correlationId, sendId: id, messageCount, segmentCount, duplicate },
      'reply queued',
    );
    return queued;
  };
}
