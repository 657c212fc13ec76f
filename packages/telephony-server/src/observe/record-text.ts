import type { Job } from '@openclaw/telephony-store';
import type { SignalItem, TextItem } from '../inbox/inbox-item.ts';
import type { MessageLog } from './message-log.ts';

/**
 * Puts the message log in front of a handler of the inbox. By then the webhook is answered, so the carrier does not wait
 * for it. A text that cannot be logged is tried again, before anything was done about it.
 */
export function recordingTexts<Item extends TextItem | SignalItem>(
  log: MessageLog,
  handle: (job: Job<Item>) => Promise<void>,
): (job: Job<Item>) => Promise<void> {
  return async (job) => {
    const { payload, id, addedAt, attempt } = job;
    if (payload.kind !== 'receipt') {
      await log.recordText(id, payload.message, {
        ...(payload.kind === 'keyword' ? { keyword: payload.keyword } : {}),
        arrivedAt: addedAt,
        isRepeat: attempt > 1,
      });
    }
    await handle(job);
  };
}
