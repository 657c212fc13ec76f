import type { InboundMessage, OptOutKeyword } from '@openclaw/telephony-core';
import type { KeyValueStore } from '@openclaw/telephony-store';
import { costOf } from '../outbox/compose.ts';
import { correlationIdOf } from './correlation.ts';
import { createLoggedTexts } from './logged-texts.ts';
import {
  type LoggedMessage,
  logPrefix,
  writtenAtMsOf,
  writeLogEntry,
} from './message-log-entry.ts';
import { type OutboxItem, senderKey } from '../outbox/outbox-item.ts';
import { createRecordCap } from '../records/record-cap.ts';

/** Writes down every text, in and out, for the person who runs the number. Newest first, 30 days, and a number of them. */
export interface MessageLog {
  /** A text arrived. `isRepeat` when its handler ran before: then it is looked for first. */
  recordText(
    inboxId: string,
    message: InboundMessage,
    details: {
      readonly keyword?: OptOutKeyword;
      readonly arrivedAt: Date;
      readonly isRepeat: boolean;
    },
  ): Promise<void>;
  /** A send was put into the outbox. Resolves with the id of its record. */
  recordSend(sendId: string, item: OutboxItem): Promise<string>;
  remove(id: string): Promise<void>;
}

/** What {@link createMessageLog} takes. */
export interface MessageLogOptions {
  readonly keyValue: KeyValueStore;
  readonly now: () => Date;
  /** How many messages are kept; default 10,000, and a quarter more between two sweeps. */
  readonly maxCount?: number;
}

const thirtyDaysMs = 30 * 24 * 3_600_000;
const defaultMaxCount = 10_000;
/** The clocks of two processes on one store. */
const clockToleranceMs = 60_000;

/** Keeps the log in a key-value store. */
export function createMessageLog(options: MessageLogOptions): MessageLog {
  const { keyValue, now, maxCount = defaultMaxCount } = options;
  const nextId = createLogIds(now);
  const cap = createRecordCap({
    keyValue,
    prefix: logPrefix,
    maxCount,
    writtenAtMs: writtenAtMsOf,
  });

  async function write(message: Omit<LoggedMessage, 'id' | 'at'>): Promise<string> {
    const { id, at } = nextId(message.correlationId);
    const value = writeLogEntry({ ...message, id, at });
    await Promise.all([keyValue.set(logPrefix + id, value, { ttlMs: thirtyDaysMs }), cap.added()]);
    return id;
  }

  const logged = createLoggedTexts(keyValue, maxCount * 2);

  return {
    async recordText(inboxId, message, { keyword, arrivedAt, isRepeat }) {
      if (isRepeat && (await logged.has(inboxId, arrivedAt.getTime() - clockToleranceMs))) return;
      const { id, from, to, text, media, segmentCount } = message;
      await write({
        direction: 'inbound',
        from,
        to,
        text,
        mediaCount: media.length,
        ...(segmentCount === undefined ? {} : { segmentCount }),
        messageId: id,
        inboxId,
        ...(keyword === undefined ? {} : { keyword }),
        correlationId: correlationIdOf(inboxId),
      });
      logged.add(inboxId);
    },
    recordSend: (sendId, item) =>
      write({
        direction: 'outbound',
        from: senderKey(item.from),
        to: item.to,
        text: item.messages.map(({ text }) => text).join('\n'),
        mediaCount: item.media.length,
        segmentCount: costOf(item.messages).segmentCount,
        sendId,
        purpose: item.purpose,
        correlationId: item.correlationId ?? correlationIdOf(sendId),
      }),
    async remove(id) {
      await keyValue.delete(logPrefix + id);
    },
  };
}

const newestMs = 9_999_999_999_999;
const mostOfOneMs = 999;

/**
 * Ids that sort the newest first: the time and a number within the millisecond, both counted down, and the correlation
 * id, which keeps two processes apart.
 */
function createLogIds(
  now: () => Date,
): (correlationId: string) => { readonly id: string; readonly at: Date } {
  let lastMs = 0;
  let count = 0;
  return (correlationId) => {
    const at = now();
    const ms = Math.min(newestMs, Math.max(0, at.getTime()));
    count = ms === lastMs ? Math.min(mostOfOneMs, count + 1) : 0;
    lastMs = ms;
    const time = String(newestMs - ms).padStart(13, '0');
    const place = String(mostOfOneMs - count).padStart(3, '0');
    return { id: `${time}${place}-${correlationId}`, at };
  };
}
