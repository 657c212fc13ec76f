import { TelephonyError, type TelephonyErrorCode } from '@openclaw/telephony-core';
import { Dead, Retry } from '@openclaw/telephony-store';
import { silentMetrics } from '../observe/metrics.ts';
import { passesByItself } from '../retry/passing-failure.ts';
import type { Dispatch, OutboxDispatchOptions, WatchedOptions, Went } from './dispatch-options.ts';
import { handOver, isForStandIn, untilStandInMs } from './failover.ts';
import { retryWaitMs } from './retry-wait.ts';
import type { MessageProgress } from './send-progress.ts';
import { messageAt } from './unknown-sends.ts';

/** How long what was surely not sent is tried, unless `tryForMs` says otherwise. */
export const dayMs = 24 * 3_600_000;

/** True for a message that is not to be sent, or not again by itself. */
export const isSettled = ({ state }: MessageProgress): boolean =>
  state === 'accepted' || state === 'unknown' || state === 'resolved' || state === 'handed-over';

/** A send that failed: tried again, given up, or left unknown. */
export async function settle(
  one: Dispatch,
  error: TelephonyError,
  askedAt: Date,
  options: WatchedOptions,
): Promise<Went> {
  const { id, index, item, attempts } = one;
  const { sends, consent, pacer, now, tryForMs = dayMs, metrics = silentMetrics } = options;
  if (error.outcome === 'unknown') {
    await leaveUnknown(one, error.code, options);
    return undefined;
  }
  const passes = passesByItself(error) || error.code === 'limit_reached';
  const wait = retryWaitMs(error, attempts, options.random);
  // Who asks for patience means the sender, and not only this message.
  if (passes && (error.retryAfterMs !== undefined || error.code === 'rate_limited')) {
    pacer.hold(wait);
  }
  const failingSince = one.failingSince ?? now().toISOString();
  const failingForMs = now().getTime() - Date.parse(failingSince);
  if (await goesToStandIn(one, error, failingForMs, options)) return 'handed-over';
  // By the time and not by the number of tries: an hour's outage must not cost an answer.
  if (passes && failingForMs < tryForMs) {
    metrics.count('telephony_sends_total', { result: 'retried' });
    await sends.move(id, index, { state: 'waiting', attempts, failingSince });
    const untilMs = untilStandInMs(options.failover, failingForMs);
    throw new Retry(Math.min(wait, untilMs), error.message);
  }
  if (error.code === 'recipient_opted_out') await consent.stopLearned(item.to, askedAt);
  return giveUp(one, error, options);
}

/** Nobody knows whether the carrier has it. It is put on the list for a person, and not sent again by itself. */
export async function leaveUnknown(
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

export async function giveUp(
  { id, index, item, about }: Dispatch,
  error: TelephonyError,
  { sends, logger, onGivenUp, metrics = silentMetrics }: OutboxDispatchOptions,
): Promise<undefined> {
  const { code, message: reason } = error;
  const { messages } = await sends.move(id, index, { state: 'failed', code, reason });
  if (messages[index]?.state === 'accepted') return undefined;
  for (let rest = index + 1; rest < item.messages.length; rest += 1) {
    await sends.move(id, rest, { state: 'skipped' });
  }
  metrics.count('telephony_sends_total', { result: 'failed' });
  logger.warn({ ...about, code, reason }, 'not sent');
  onGivenUp?.({ ...about, to: item.to, index, code, reason });
  throw new Dead(reason);
}

/** Wherever a message cannot leave: true when the stand-in has the whole send. */
export async function goesToStandIn(
  one: Dispatch,
  error: TelephonyError,
  failingForMs: number,
  options: WatchedOptions,
): Promise<boolean> {
  const { id, attempts, failingSince } = one;
  const { failover, accountId = 'default', silentForMs, sends } = options;
  if (failover === undefined) return false;
  if (!isForStandIn(failover, one, error, Math.max(failingForMs, silentForMs()))) return false;
  if (await handOver(one, { ...options, failover, accountId })) return true;
  // It was asked for the first time and has said no: surely nobody has the message.
  await sends.move(id, 0, {
    state: 'waiting',
    attempts: attempts - 1,
    ...(failingSince === undefined ? {} : { failingSince }),
  });
  return false;
}
