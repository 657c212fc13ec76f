import { type Job, Retry } from '@openclaw/telephony-store';
import { costOf } from './compose.ts';
import { correlationIdOf } from '../observe/correlation.ts';
import { dispatch } from './dispatch-message.ts';
import type { Dispatch, OutboxDispatchOptions, WatchedOptions, Went } from './dispatch-options.ts';
import { handOver, outOfReachError, untilStandInMs } from './failover.ts';
import { optedOut } from './outbox.ts';
import { isAnswer, type OutboxItem } from './outbox-item.ts';
import { LineFull, SenderHeld } from './pacing.ts';
import type { MessageProgress } from './send-progress.ts';
import { dayMs, giveUp, goesToStandIn, isSettled, leaveUnknown } from './settle-message.ts';
import { watchCarrier } from './silent-carrier.ts';

/**
 * Makes the handler of outbox jobs: sends the messages of one send, in their order, none of them twice.
 *
 * @throws {RangeError} for a time that is none
 */
export function createOutboxDispatch(
  given: OutboxDispatchOptions,
): (job: Job<OutboxItem>) => Promise<void> {
  const options = { ...given, ...watchCarrier(given) };
  const { sends, logger, tryForMs = dayMs } = options;
  if (!(tryForMs >= 0)) throw new RangeError('outbound.tryForMs must be a number from 0 up');
  const { afterMs = 0 } = options.failover ?? {};
  if (!(afterMs >= 0)) throw new RangeError('outbound.failover.afterMs must be a number from 0 up');

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
      if (state?.state === 'handing-over') return endHandOver(one, state.account, options);
      waitForMorning(one, options);
      if ((await waitForTurn(message.segmentCount, one, options)) === 'handed-over') return;
      waitForMorning(one, options);
      // Asked last, because somebody may have said STOP while the message waited.
      if (await isStopped(one, options)) await giveUp(one, optedOut(to), options);
      if ((await dispatch(one, options)) === 'handed-over') return;
    }
    logger.debug(about, 'a send is done');
  };
}

/** A STOP holds where it was said, and for whom the send is. */
async function isStopped(
  { id, item }: Dispatch,
  { consent, consentOf }: OutboxDispatchOptions,
): Promise<boolean> {
  const { to, onBehalfOf } = item;
  if (await consent.blocks(to, id)) return true;
  return onBehalfOf !== undefined && ((await consentOf?.(onBehalfOf).blocks(to)) ?? false);
}

/** The process died while a send was handed over: it goes on, and this account has no more to do with it. */
async function endHandOver(
  one: Dispatch,
  account: string,
  options: OutboxDispatchOptions,
): Promise<void> {
  const { failover, accountId = 'default' } = options;
  const isStill = failover?.standIn.accountId === account;
  if (isStill && (await handOver(one, { ...options, failover, accountId }))) return;
  // The other account may have it, whatever it says now and whether or not it is our stand-in still. The first one
  // last: a crash in between leaves none that looks as if it may leave.
  for (const index of [...one.item.messages.keys()].toReversed()) {
    await leaveUnknown({ ...one, index }, 'provider_unavailable', options);
  }
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
  one: Dispatch,
  options: WatchedOptions,
): Promise<Went> {
  const { pacer, closing, failover, silentForMs, now } = options;
  try {
    await pacer.take(segmentCount, closing, { isAnswer: isAnswer(one.item) });
    return undefined;
  } catch (error) {
    if (error instanceof LineFull) throw new Retry(error.afterMs, error.message);
    if (!(error instanceof SenderHeld)) {
      throw new Retry(0, 'the server closed before the message could leave');
    }
    const { failingSince } = one;
    const ownMs = failingSince === undefined ? 0 : now().getTime() - Date.parse(failingSince);
    // It may have waited for long, and its person may have said STOP meanwhile.
    if (await isStopped(one, options)) return giveUp(one, optedOut(one.item.to), options);
    if (await goesToStandIn(one, outOfReachError, ownMs, options)) return 'handed-over';
    const untilMs = untilStandInMs(failover, Math.max(ownMs, silentForMs()));
    throw new Retry(Math.min(error.afterMs, untilMs), error.message);
  }
}

/** The try that comes now. What was given up, and is tried again by a person, begins anew. */
const triesOf = (
  state: MessageProgress | undefined,
): Pick<Dispatch, 'attempts' | 'failingSince'> => ({
  attempts: (state?.state === 'waiting' ? state.attempts : 0) + 1,
  failingSince: state?.state === 'waiting' ? state.failingSince : undefined,
});
