import type { Outbox } from './outbox.ts';
import { digestId } from './send-id.ts';
import { type SendLedger, sendRef } from './send-progress.ts';
import type { UnknownSends } from './unknown-sends.ts';

/** What a person decides of messages that may or may not have been sent. */
export type UnknownDecision = 'sent' | 'send-again';

/** What became of a decision. */
export interface ResolvedUnknown {
  /** How many messages of the send were unknown, and are no more. */
  readonly messageCount: number;
  /** The ids under which they are sent again. */
  readonly sentAgainAs: readonly string[];
}

/**
 * Carries out what a person decided of the unknown messages of one send. `send-again` may make the recipient get a message
 * twice; deciding it twice does not make them get it three times.
 *
 * @throws {TelephonyError} `limit_reached` when sending again would cost too much
 */
export async function resolveUnknown(
  sendId: string,
  decision: UnknownDecision,
  options: {
    readonly unknownSends: UnknownSends;
    readonly sends: SendLedger;
    readonly outbox: Outbox;
  },
): Promise<ResolvedUnknown> {
  const { unknownSends, sends, outbox } = options;
  const sentAgainAs: string[] = [];
  let messageCount = 0;
  for (const { index, item } of await unknownSends.list({ sendId })) {
    const againId = digestId('again', sendRef(sendId, index));
    // First the send and then the note of it: a crash in between leaves the message on the list.
    if (decision === 'send-again') await outbox.put(againId, item);
    const isResolved = await sends.resolve(
      sendId,
      index,
      decision === 'sent'
        ? { state: 'resolved', as: 'sent' }
        : { state: 'resolved', as: 'sent-again', sendId: againId },
    );
    await unknownSends.remove(sendId, index);
    if (decision === 'send-again') sentAgainAs.push(againId);
    if (isResolved) messageCount += 1;
  }
  return { messageCount, sentAgainAs };
}
