import {
  type MessagingProvider,
  type OutboundMessage,
  redactAddress,
  type SendReceipt,
  TelephonyError,
} from '@openclaw/telephony-core';
import { Dead, type Job, Retry } from '@openclaw/telephony-store';
import type { ConsentLedger } from './consent.ts';
import type { DeliveryTracker } from './deliveries.ts';
import { type Logger, reasonOf } from './logger.ts';
import { optedOut } from './outbox.ts';
import { costOf } from './compose.ts';
import type { OutboxItem } from './outbox-item.ts';
import { passesByItself } from './passing-failure.ts';
import type { Pacer } from './pacing.ts';
import { type MessageProgress, type SendLedger, sendRef } from './send-progress.ts';

/** What {@link createOutboxDispatch} takes. */
export interface OutboxDispatchOptions {
  readonly messaging: MessagingProvider;
  readonly sends: SendLedger;
  readonly deliveries: DeliveryTracker;
  readonly consent: ConsentLedger;
  readonly pacer: Pacer;
  readonly logger: Logger;
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
  const { sends, consent, pacer, logger, closing } = options;

  return async ({ id, payload: item }) => {
    const progress = await sends.begin(id, item.to, costOf(item.messages));
    for (const [index, message] of item.messages.entries()) {
      const state = progress.messages[index];
      if (state?.state === 'dispatching') {
        // The process died while the request was under way.
        await sends.move(id, index, { state: 'unknown', code: 'network' });
        logger.warn({ sendId: id, message: index + 1 }, 'a message may or may not have been sent');
        continue;
      }
      if (state?.state === 'accepted' || state?.state === 'unknown') continue;
      await pacer.take(message.segmentCount, closing).catch(() => {
        throw new Retry(0, 'the server closed before the message could leave');
      });
      // Asked last, because somebody may have said STOP while the message waited.
      if (await consent.blocks(item.to, id)) {
        await giveUp(id, index, item, optedOut(item.to), options);
      }
      await dispatch({ id, index, item, attempts: attemptsOf(state) + 1 }, options);
    }
  };
}

interface Dispatch {
  readonly id: string;
  readonly index: number;
  readonly item: OutboxItem;
  readonly attempts: number;
}

async function dispatch(one: Dispatch, options: OutboxDispatchOptions): Promise<void> {
  const { id, index, item, attempts } = one;
  const { messaging, sends, deliveries, logger } = options;
  await sends.move(id, index, { state: 'dispatching', attempts });
  const result = await send(messaging, toMessage(one, options.statusUrl));
  if (TelephonyError.isInstance(result)) return settle(one, result, options);

  const { messageId, status, warnings } = result;
  const segmentCount = result.segmentCount ?? item.messages[index]?.segmentCount ?? 1;
  // First the log: when the store fails now, it is the only place that knows the carrier's id.
  logger.info({ sendId: id, messageId, to: redactAddress(item.to), segmentCount }, 'sent');
  await sends.move(id, index, { state: 'accepted', messageId, segmentCount });
  await deliveries.record({ messageId, status });
  for (const { feature, type } of warnings) {
    logger.warn({ sendId: id, feature, kind: type }, 'sent, but not quite as asked');
  }
}

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
  const { sends, consent, logger, maxSendAttempts = 8 } = options;
  if (error.outcome === 'unknown') {
    await sends.move(id, index, { state: 'unknown', code: error.code });
    logger.warn(
      { sendId: id, message: index + 1, code: error.code },
      'a message may or may not have been sent; it is not sent again by itself',
    );
    return;
  }
  const passes = passesByItself(error) || error.code === 'limit_reached';
  if (passes && attempts < maxSendAttempts) {
    await sends.move(id, index, { state: 'waiting', attempts });
    const wait = error.retryAfterMs ?? backoffMs(attempts, options.random);
    throw new Retry(Math.min(wait, longestWaitMs), error.message);
  }
  if (error.code === 'recipient_opted_out') await consent.stop(item.to);
  await giveUp(id, index, item, error, options);
}

async function giveUp(
  id: string,
  index: number,
  item: OutboxItem,
  error: TelephonyError,
  { sends, logger }: OutboxDispatchOptions,
): Promise<never> {
  await sends.move(id, index, { state: 'failed', code: error.code, reason: error.message });
  for (let rest = index + 1; rest < item.messages.length; rest += 1) {
    await sends.move(id, rest, { state: 'skipped' });
  }
  logger.warn({ sendId: id, code: error.code, reason: error.message }, 'not sent');
  throw new Dead(error.message);
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
