import {
  type MessagingProvider,
  type OutboundMessage,
  redactAddress,
  type SendReceipt,
  TelephonyError,
  type TelephonyErrorCode,
} from '@openclaw/telephony-core';
import { Dead, type Job, Retry } from '@openclaw/telephony-store';
import { costOf } from './compose.ts';
import type { ConsentLedger } from './consent.ts';
import { correlationIdOf } from './correlation.ts';
import type { DeliveryTracker } from './deliveries.ts';
import { keepTrying } from './keep-trying.ts';
import { type Logger, reasonOf } from './logger.ts';
import { type Metrics, silentMetrics } from './metrics.ts';
import { optedOut } from './outbox.ts';
import type { OutboxItem } from './outbox-item.ts';
import { passesByItself } from './passing-failure.ts';
import { type Pacer, SenderHeld } from './pacing.ts';
import type { QuietFor } from './quiet-hours.ts';
import { type MessageProgress, type SendLedger, sendRef } from './send-progress.ts';
import { messageAt, type UnknownSends } from './unknown-sends.ts';

/** What {@link createOutboxDispatch} takes. */
export interface OutboxDispatchOptions {
  readonly messaging: MessagingProvider;
  readonly sends: SendLedger;
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
  /** How often a message is tried that was surely not sent; default 8. */
  readonly maxSendAttempts?: number;
}

/** However long the carrier asks for: what waits longer than this is tried in vain once more. */
const longestWaitMs = 3_600_000;
const longestBackoffMs = 5 * 60_000;

/** Makes the handler of outbox jobs: sends the messages of one send, in their order, none of them twice. */
export function createOutboxDispatch(
  options: OutboxDispatchOptions,
): (job: Job<OutboxItem>) => Promise<void> {
  const { sends, consent, logger } = options;

  return async ({ id, payload: item }) => {
    const { to, correlationId = correlationIdOf(id) } = item;
    const about = { sendId: id, correlationId };
    const progress = await sends.begin(id, to, costOf(item.messages), correlationId);
    for (const [index, message] of item.messages.entries()) {
      const state = progress.messages[index];
      const one = { id, index, item, about, attempts: attemptsOf(state) + 1 };
      if (state?.state === 'dispatching') {
        // The process died while the request was under way.
        await leaveUnknown(one, 'network', options);
        continue;
      }
      if (state !== undefined && isSettled(state)) continue;
      waitForMorning(one, options);
      await waitForTurn(message.segmentCount, options);
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
  { pacer, closing }: OutboxDispatchOptions,
): Promise<void> {
  try {
    await pacer.take(segmentCount, closing);
  } catch (error) {
    if (error instanceof SenderHeld) throw new Retry(error.afterMs, error.message);
    throw new Retry(0, 'the server closed before the message could leave');
  }
}

async function dispatch(one: Dispatch, options: OutboxDispatchOptions): Promise<void> {
  const { id, index, item, attempts, about } = one;
  const { messaging, sends, deliveries, logger, now, metrics = silentMetrics } = options;
  const { messages } = await sends.move(id, index, { state: 'dispatching', attempts });
  // A receipt was faster than the answer to an earlier try.
  if (messages[index]?.state === 'accepted') return;
  const startedAtMs = now().getTime();
  const result = await send(messaging, toMessage(one, options.statusUrl));
  const outcome = TelephonyError.isInstance(result) ? nameOf(result) : 'accepted';
  const seconds = Math.max(0, now().getTime() - startedAtMs) / 1000;
  metrics.observe('telephony_send_seconds', seconds, { result: outcome });
  if (TelephonyError.isInstance(result)) return settle(one, result, options);

  const { messageId, status, warnings } = result;
  const segmentCount = result.segmentCount ?? item.messages[index]?.segmentCount ?? 1;
  metrics.count('telephony_sends_total', { result: 'accepted' });
  metrics.count('telephony_segments_sent_total', {}, segmentCount);
  // First the log: when the store fails now, it is the only place that knows the carrier's id.
  logger.info({ ...about, messageId, to: redactAddress(item.to), segmentCount }, 'sent');
  const { to } = item;
  const origin = { to, sendId: id, correlationId: about.correlationId };
  const insist = (act: () => Promise<unknown>): Promise<unknown> =>
    keepTrying(act, options.closing, (error) =>
      logger.error(
        { ...about, messageId, reason: reasonOf(error) },
        'sent, and not written down yet; trying again',
      ),
    );
  // At once, so that a store with one commit for many writes has one for these.
  await Promise.all([
    insist(() => sends.move(id, index, { state: 'accepted', messageId, segmentCount })),
    insist(() => deliveries.record({ messageId, status, ...origin })),
    insist(async () => options.onAccepted?.(messageId)),
  ]);
  for (const { feature, type } of warnings) {
    logger.warn({ ...about, feature, kind: type }, 'sent, but not quite as asked');
  }
}

const nameOf = ({ outcome }: TelephonyError): string =>
  outcome === 'unknown' ? 'unknown' : 'failed';

/** One request; a provider that throws instead of rejecting is heard all the same. */
async function send(
  messaging: MessagingProvider,
  message: OutboundMessage,
): Promise<SendReceipt | TelephonyError> {
  try {
    return await messaging.send(message);
  } catch (error) {
    return asTelephonyError(error);
  }
}

/** A send that failed: tried again, given up, or left unknown. */
async function settle(
  one: Dispatch,
  error: TelephonyError,
  options: OutboxDispatchOptions,
): Promise<void> {
  const { id, index, item, attempts } = one;
  const { sends, consent, pacer, maxSendAttempts = 8, metrics = silentMetrics } = options;
  if (error.outcome === 'unknown') return leaveUnknown(one, error.code, options);
  const passes = passesByItself(error) || error.code === 'limit_reached';
  const wait = Math.min(error.retryAfterMs ?? backoffMs(attempts, options.random), longestWaitMs);
  // Who asks for patience means the sender, and not only this message.
  if (passes && (error.retryAfterMs !== undefined || error.code === 'rate_limited')) {
    pacer.hold(wait);
  }
  if (passes && attempts < maxSendAttempts) {
    metrics.count('telephony_sends_total', { result: 'retried' });
    await sends.move(id, index, { state: 'waiting', attempts });
    throw new Retry(wait, error.message);
  }
  if (error.code === 'recipient_opted_out') await consent.stop(item.to);
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
  { sends, logger, metrics = silentMetrics }: OutboxDispatchOptions,
): Promise<void> {
  const { code, message: reason } = error;
  const { messages } = await sends.move(id, index, { state: 'failed', code, reason });
  if (messages[index]?.state === 'accepted') return;
  for (let rest = index + 1; rest < item.messages.length; rest += 1) {
    await sends.move(id, rest, { state: 'skipped' });
  }
  metrics.count('telephony_sends_total', { result: 'failed' });
  logger.warn({ ...about, code, reason }, 'not sent');
  throw new Dead(reason);
}

function toMessage({ id, index, item }: Dispatch, statusUrl: URL | undefined): OutboundMessage {
  const { to, from } = item;
  const text = item.messages[index]?.text ?? '';
  const statusCallback = statusUrl && new URL(`${statusUrl.href}/${sendRef(id, index)}`);
  const base = { to, from, ...(statusCallback === undefined ? {} : { statusCallback }) };
  const [first, ...rest] = index === 0 ? item.media.map((url) => new URL(url)) : [];
  return first === undefined ? { ...base, text } : { ...base, text, media: [first, ...rest] };
}

/** Whatever a provider throws against the contract may have happened after the request left. */
function asTelephonyError(error: unknown): TelephonyError {
  if (TelephonyError.isInstance(error)) return error;
  return new TelephonyError('malformed_response', reasonOf(error), { outcome: 'unknown' });
}

const attemptsOf = (state: MessageProgress | undefined): number =>
  state?.state === 'waiting' ? state.attempts : 0;

/** 1, 2, 4 … seconds, up to five minutes, a quarter of it left to chance so that many do not come back at once. */
const backoffMs = (attempts: number, random: () => number): number =>
  Math.min(longestBackoffMs, 1000 * 2 ** (attempts - 1)) * (0.75 + random() / 4);
