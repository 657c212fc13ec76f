import { redactAddress, TelephonyError } from '@openclaw/telephony-core';
import { Retry } from '@openclaw/telephony-store';
import { keepTrying } from '../retry/keep-trying.ts';
import { reasonOf } from '../observe/logger.ts';
import { silentMetrics } from '../observe/metrics.ts';
import { requestSend, toMessage } from './carrier-request.ts';
import type { Dispatch, OutboxDispatchOptions, WatchedOptions, Went } from './dispatch-options.ts';
import type { MessageProgress } from './send-progress.ts';
import { isSettled, settle } from './settle-message.ts';

/** Asks the carrier to send one message, and writes down what it says. */
export async function dispatch(one: Dispatch, options: WatchedOptions): Promise<Went> {
  const { id, index, item, attempts, about } = one;
  const { messaging, sends, deliveries, logger, now, metrics = silentMetrics } = options;
  const { isMine, progress } = await sends.startDispatch(id, index, attempts);
  const state = progress.messages[index];
  if (!isMine) {
    // A receipt was faster than the answer to an earlier try, or a person has decided.
    if (state === undefined || !isSettled(state)) {
      throw new Retry(overtakenMs, 'another process is sending it');
    }
    await noteAccepted(state, one, options);
    return undefined;
  }
  const askedAt = now();
  const result = await requestSend(messaging, toMessage(one, options.statusUrl));
  const outcome = TelephonyError.isInstance(result) ? nameOf(result) : 'accepted';
  const seconds = Math.max(0, now().getTime() - askedAt.getTime()) / 1000;
  metrics.observe('telephony_send_seconds', seconds, { result: outcome });
  if (TelephonyError.isInstance(result)) return settle(one, result, askedAt, options);

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
  return undefined;
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
