import {
  type MessagingProvider,
  redactAddress,
  TelephonyError,
  type TelephonyErrorCode,
} from '@openclaw/telephony-core';
import { Dead, type Job, Retry } from '@openclaw/telephony-store';
import { requestSend, toMessage } from './carrier-request.ts';
import { costOf } from './compose.ts';
import type { ConsentLedger } from '../consent/consent.ts';
import { correlationIdOf } from '../observe/correlation.ts';
import type { DeliveryTracker } from '../delivery/deliveries.ts';
import { keepTrying } from '../retry/keep-trying.ts';
import { type Logger, reasonOf } from '../observe/logger.ts';
import { type Metrics, silentMetrics } from '../observe/metrics.ts';
import { optedOut } from './outbox.ts';
import { isAnswer, type OutboxItem } from './outbox-item.ts';
import { passesByItself } from '../retry/passing-failure.ts';
import { LineFull, type Pacer, SenderHeld } from './pacing.ts';
import type { QuietFor } from './quiet-hours.ts';
import type { MessageProgress, SendLedger } from './send-progress.ts';
import type { SpendLedger } from './spend.ts';
import { messageAt, type UnknownSends } from './unknown-sends.ts';

/** A message that never left: the carrier refused it, or could not be reached for too long. */
export interface FailedSend {
  readonly sendId: string;
  readonly to: string;
  /** Which message of the send, from 0. Those behind it are not sent either. */
  readonly index: number;
  readonly code: TelephonyErrorCode;
  /** A sentence for the log, without a number or a text. */
  readonly reason: string;
  readonly correlationId: string;
}

/** What {@link createOutboxDispatch} takes. */
export interface OutboxDispatchOptions {
  readonly messaging: MessagingProvider;
  readonly sends: SendLedger;
  readonly spend: Pick<SpendLedger, 'add'>;
  readonly unknownSends: UnknownSends;
  readonly deliveries: DeliveryTracker;
  readonly consent: ConsentLedger;
  readonly pacer: Pacer;
  /** Without it, no hour is quiet. */
  readonly quietFor?: QuietFor;
  /** Told of each message that the carrier has, so that its end is asked for when nobody tells it. */
  readonly onAccepted?: (messageId: string) => Promise<void>;
  readonly now: () => Date;
  readonly logger: Logger;
  readonly metrics?: Metrics;
  /** From 0 to below 1. */
  readonly random: () => number;
  /** Aborted when the server closes: waiting messages go back to the outbox. */
  readonly closing: AbortSignal;
  /** Where the carrier reports to; the reference of the message is appended to its path. */
  readonly statusUrl?: URL;
  /** How long a message is tried that was surely not sent, from its first failure on; default 24 hours. */
  readonly tryForMs?: number;
  /** Told of each message that is not sent, after that is written down; must not throw. */
  readonly onGivenUp?: (failed: FailedSend) => void;
}

/** However long the carrier asks for: what waits longer than this is tried in vain once more. */
const longestWaitMs = 3_600_000;
const longestBackoffMs = 5 * 60_000;
const dayMs = 24 * 3_600_000;

/**
 * Makes the handler of outbox jobs: sends the messages of one send, in their order, none of them twice.
 *
 * @throws {RangeError} for a time that is none
 */
export function createOutboxDispatch(
  options: OutboxDispatchOptions,
): (job: Job<OutboxItem>) => Promise<void> {
  const { sends, consent, logger, tryForMs = dayMs } = options;
  if (!(tryForMs >= 0)) throw new RangeError('outbound.tryForMs must be a number from 0 up');

  return async ({ id, payload: item }) => {
    const { to, correlationId = correlationIdOf(id) } = item;
    const about = { sendId: id, correlationId };
    const progress = await sends.begin(id, to, costOf(item.messages), correlationId);
    for (const [index, message] of item.messages.entries()) {
      const state = progress.messages[index];
      const one = { id, index, item, about, ...triesOf(state) };
      if (state?.state === 'dispatching') {
        // The process died while the request was under way.
        await leaveUnknown(one, 'network', options);
        continue;
      }
      if (state !== undefined && isSettled(state)) continue;
      waitForMorning(one, options);
      await waitForTurn(message.segmentCount, item, options);
      waitForMorning(one, options);
      // Asked last, because somebody may have said STOP while the message waited.
      if (await consent.blocks(to, id)) await giveUp(one, optedOut(to), options);
      await dispatch(one, options);
    }
    logger.debug(about, 'a send is done');
  };
}

/** True for a message that is not to be sent, or not again by itself. */
const isSettled = ({ state }: MessageProgress): boolean =>
  state === 'accepted' || state === 'unknown' || state === 'resolved';

interface Dispatch {
  readonly id: string;
  readonly index: number;
  readonly item: OutboxItem;
  readonly attempts: number;
  /** When the first try failed; absent while none has. */
  readonly failingSince: string | undefined;
  /** What every line of the log about it says. */
  readonly about: { readonly sendId: string; readonly correlationId: string };
}

/** @throws {Retry} in the quiet hours, for what nobody asked for */
function waitForMorning(
  { item, about }: Dispatch,
  { quietFor, now, logger }: OutboxDispatchOptions,
): void {
  const quietMs = item.isUnasked ? (quietFor?.(now()) ?? 0) : 0;
  if (quietMs === 0) return;
  logger.info({ ...about, quietMs }, 'waits for the end of the quiet hours');
  throw new Retry(quietMs, 'it waits for the end of the quiet hours');
}

async function waitForTurn(
  segmentCount: number,
  item: OutboxItem,
  { pacer, closing }: OutboxDispatchOptions,
): Promise<void> {
  try {
    await pacer.take(segmentCount, closing, { isAnswer: isAnswer(item) });
  } catch (error) {
    if (error instanceof SenderHeld || error instanceof LineFull)
      throw new Retry(error.afterMs, error.message);
    throw new Retry(0, 'the server closed before the message could leave');
  }
}

async function dispatch(one: Dispatch, options: OutboxDispatchOptions): Promise<void> {
  const { id, index, item, attempts, about } = one;
  const { messaging, sends, deliveries, logger, now, metrics = silentMetrics } = options;
  const { isMine, progress } = await sends.startDispatch(id, index, attempts);
  const state = progress.messages[index];
  if (!isMine) {
    // A receipt was faster than the answer to an earlier try, or a person has decided.
    if (state !== undefined && isSettled(state)) return noteAccepted(state, one, options);
    throw new Retry(overtakenMs, 'another process is sending it');
  }
  const startedAtMs = now().getTime();
  const result = await requestSend(messaging, toMessage(one, options.statusUrl));
  const outcome = TelephonyError.isInstance(result) ? nameOf(result) : 'accepted';
  const seconds = Math.max(0, now().getTime() - startedAtMs) / 1000;
  metrics.observe('telephony_send_seconds', seconds, { result: outcome });
  if (TelephonyError.isInstance(result)) return settle(one, result, new Date(startedAtMs), options);

  const { messageId, status, warnings } = result;
  const segmentCount = result.segmentCount ?? item.messages[index]?.segmentCount ?? 1;
  metrics.count('telephony_sends_total', { result: 'accepted' });
  metrics.count('telephony_segments_sent_total', {}, segmentCount);
  // First the log: when the store fails now, it is the only place that knows the carrier's id.
  logger.info({ ...about, messageId, to: redactAddress(item.to), segmentCount }, 'sent');
  const { to } = item;
  const origin = { to, sendId: id, correlationId: about.correlationId };
  const insist = insistence(about, messageId, options);
  const unreserved = segmentCount - (item.messages[index]?.segmentCount ?? 1);
  // At once, so that a store with one commit for many writes has one for these.
  await Promise.all([
    insist(() => sends.move(id, index, { state: 'accepted', messageId, segmentCount })),
    insist(() => deliveries.record({ messageId, status, ...origin })),
    insist(async () => options.onAccepted?.(messageId)),
    // The carrier bills by its own count.
    unreserved > 0
      ? insist(() => options.spend.add({ messageCount: 0, segmentCount: unreserved }))
      : undefined,
  ]);
  for (const { feature, type } of warnings) {
    logger.warn({ ...about, feature, kind: type }, 'sent, but not quite as asked');
  }
}

/** Does what must be written down about a message that has left. */
const insistence =
  (about: Dispatch['about'], messageId: string, { closing, logger }: OutboxDispatchOptions) =>
  (act: () => Promise<unknown>): Promise<unknown> =>
    keepTrying(act, closing, (error) =>
      logger.error(
        { ...about, messageId, reason: reasonOf(error) },
        'sent, and not written down yet; trying again',
      ),
    );

/** How long a message that somebody else has in hand is left alone. */
const overtakenMs = 5000;

/** A message that a receipt has told of has an end, too, which may have to be asked for. */
async function noteAccepted(
  state: MessageProgress,
  { about }: Dispatch,
  options: OutboxDispatchOptions,
): Promise<void> {
  if (state.state !== 'accepted') return;
  const { messageId } = state;
  await insistence(about, messageId, options)(async () => options.onAccepted?.(messageId));
}

const nameOf = ({ outcome }: TelephonyError): string =>
  outcome === 'unknown' ? 'unknown' : 'failed';

/** A send that failed: tried again, given up, or left unknown. */
async function settle(
  one: Dispatch,
  error: TelephonyError,
  askedAt: Date,
  options: OutboxDispatchOptions,
): Promise<void> {
  const { id, index, item, attempts } = one;
  const { sends, consent, pacer, now, tryForMs = dayMs, metrics = silentMetrics } = options;
  if (error.outcome === 'unknown') {
    // Whatever leaves before then would not be known either.
    if (error.retryAfterMs !== undefined) pacer.hold(Math.min(error.retryAfterMs, longestWaitMs));
    return leaveUnknown(one, error.code, options);
  }
  const passes = passesByItself(error) || error.code === 'limit_reached';
  const wait = waitOf(error, attempts, options.random);
  // Who asks for patience means the sender, and not only this message.
  if (passes && (error.retryAfterMs !== undefined || error.code === 'rate_limited')) {
    pacer.hold(wait);
  }
  const failingSince = one.failingSince ?? now().toISOString();
  // By the time and not by the number of tries: an hour's outage must not cost an answer.
  if (passes && now().getTime() - Date.parse(failingSince) < tryForMs) {
    metrics.count('telephony_sends_total', { result: 'retried' });
    await sends.move(id, index, { state: 'waiting', attempts, failingSince });
    throw new Retry(wait, error.message);
  }
  if (error.code === 'recipient_opted_out') await consent.stopLearned(item.to, askedAt);
  await giveUp(one, error, options);
}

/** Nobody knows whether the carrier has it. It is put on the list for a person, and not sent again by itself. */
async function leaveUnknown(
  { id, index, item, about }: Dispatch,
  code: TelephonyErrorCode,
  { sends, unknownSends, logger, metrics = silentMetrics }: OutboxDispatchOptions,
): Promise<void> {
  await unknownSends.add({ sendId: id, index, item: messageAt(item, index), code });
  const { messages } = await sends.move(id, index, { state: 'unknown', code });
  // A receipt may have told by now.
  if (messages[index]?.state !== 'unknown') return unknownSends.remove(id, index);
  metrics.count('telephony_sends_total', { result: 'unknown' });
  logger.warn(
    { ...about, message: index + 1, code },
    'a message may or may not have been sent; it is not sent again by itself',
  );
}

async function giveUp(
  { id, index, item, about }: Dispatch,
  error: TelephonyError,
  { sends, logger, onGivenUp, metrics = silentMetrics }: OutboxDispatchOptions,
): Promise<void> {
  const { code, message: reason } = error;
  const { messages } = await sends.move(id, index, { state: 'failed', code, reason });
  if (messages[index]?.state === 'accepted') return;
  for (let rest = index + 1; rest < item.messages.length; rest += 1) {
    await sends.move(id, rest, { state: 'skipped' });
  }
  metrics.count('telephony_sends_total', { result: 'failed' });
  logger.warn({ ...about, code, reason }, 'not sent');
  onGivenUp?.({ ...about, to: item.to, index, code, reason });
  throw new Dead(reason);
}

/** The try that comes now. What was given up, and is tried again by a person, begins anew. */
const triesOf = (
  state: MessageProgress | undefined,
): Pick<Dispatch, 'attempts' | 'failingSince'> => ({
  attempts: (state?.state === 'waiting' ? state.attempts : 0) + 1,
  failingSince: state?.state === 'waiting' ? state.failingSince : undefined,
});

/** A carrier that asks for no pause, or for one that is over by our clock, would else be asked without end. */
function waitOf(
  { retryAfterMs = 0 }: TelephonyError,
  attempts: number,
  random: () => number,
): number {
  const wait = retryAfterMs >= 1000 ? retryAfterMs : backoffMs(attempts, random);
  return Math.min(wait, longestWaitMs);
}

/** 1, 2, 4 … seconds, up to five minutes, a quarter of it left to chance so that many do not come back at once. */
const backoffMs = (attempts: number, random: () => number): number =>
  Math.min(longestBackoffMs, 1000 * 2 ** Math.min(20, attempts - 1)) * (0.75 + random() / 4);
