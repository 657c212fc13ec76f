import { TelephonyError } from '@openclaw/telephony-core';
import type { OutboundRequest, SendProgress, TelephonyServer } from '@openclaw/telephony-server';

/** How far a send is: with the carrier, or in the outbox, which goes on by itself. */
export interface SendResult {
  readonly id: string;
  readonly state: 'accepted' | 'queued';
  /** The carrier's ids of what it accepted, in the order of the messages. */
  readonly messageIds: readonly string[];
  readonly messageCount: number;
  readonly segmentCount: number;
}

/** A send of several messages that ended halfway. */
export class PartialSendError extends Error {
  override readonly name = 'PartialSendError';
  readonly messageIds: readonly string[];
  constructor(message: string, messageIds: readonly string[]) {
    super(message);
    this.messageIds = messageIds;
  }
}

/** A message of which nobody knows whether it left. It is not sent again. */
export class UnknownSendError extends Error {
  override readonly name = 'UnknownSendError';
}

/** What {@link sendAndWait} takes beside the send. */
export interface WaitOptions {
  readonly signal?: AbortSignal;
  /** How long the carrier's answer is waited for; default 15 s. */
  readonly waitMs?: number;
}

/**
 * Puts a send into the outbox and waits a while for the carrier. What takes longer is safe in the outbox and goes on
 * by itself: then it is `queued`.
 *
 * @throws {TelephonyError} when it may not be sent, or the carrier refused it for good
 * @throws {PartialSendError} when some of its messages left and a later one was refused
 * @throws {UnknownSendError} when a message may or may not have left
 */
export async function sendAndWait(
  server: Pick<TelephonyServer, 'send' | 'sendProgress'>,
  request: OutboundRequest & { readonly id: string },
  { signal, waitMs = 15_000 }: WaitOptions = {},
): Promise<SendResult> {
  const { id, messageCount, segmentCount } = await server.send(request);
  const until = performance.now() + waitMs;
  for (let pauseMs = 10; ; pauseMs = Math.min(pauseMs * 2, 250)) {
    // The outbox has it. When it cannot be asked, because a reload closed it, it is still going to be sent.
    const progress = await server.sendProgress(id).catch(() => 'out-of-reach' as const);
    if (progress === 'out-of-reach') {
      return { id, state: 'queued', messageIds: [], messageCount, segmentCount };
    }
    const outcome = outcomeOf(progress);
    if (outcome.settled || performance.now() >= until || signal?.aborted === true) {
      const { messageIds } = outcome;
      const state = outcome.settled ? 'accepted' : 'queued';
      return { id, state, messageIds, messageCount, segmentCount };
    }
    await pause(pauseMs);
  }
}

const onTheWay: ReadonlySet<string> = new Set(['waiting', 'dispatching', 'handing-over']);

/** What became of a send; throws what {@link sendAndWait} throws. */
export function outcomeOf(progress: SendProgress | undefined): {
  readonly settled: boolean;
  readonly messageIds: readonly string[];
} {
  const messages = progress?.messages ?? [];
  const messageIds = messages.flatMap((one) => (one.state === 'accepted' ? [one.messageId] : []));
  const failed = messages.find((one) => one.state === 'failed');
  if (failed?.state === 'failed') {
    if (messageIds.length > 0) throw new PartialSendError(failed.reason, messageIds);
    throw new TelephonyError(failed.code, failed.reason, { outcome: 'not-performed' });
  }
  const open = messages.some(({ state }) => onTheWay.has(state));
  const settled = messages.length > 0 && !open;
  if (settled && messages.some((one) => one.state === 'unknown')) {
    throw new UnknownSendError('the carrier did not say whether it took the message');
  }
  return { settled, messageIds };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
