import { isTelephonyErrorCode, type TelephonyErrorCode } from '@openclaw/telephony-core';
import type { KeyValueStore, WorkQueue } from '@openclaw/telephony-store';
import { isRecord, numberIn, stringIn } from '../records/json.ts';
import { type OutboxItem, parseOutboxItem } from './outbox-item.ts';
import { type SendLedger, sendRef } from './send-progress.ts';

/** A message of which nobody here knows whether the carrier has it. */
export interface UnknownSend {
  readonly sendId: string;
  /** Which message of the send, from 0. */
  readonly index: number;
  /** What was to be sent: this message alone. */
  readonly item: OutboxItem;
  /** Why it is not known. */
  readonly code: TelephonyErrorCode;
  readonly since: Date;
}

/** The list of messages that a person may have to decide about. */
export interface UnknownSends {
  /** Puts a message on the list. Written before the message becomes unknown, so that none is missing. */
  add(unknown: Omit<UnknownSend, 'since'>): Promise<void>;
  /** Those that are still unknown, in no order. */
  list(options?: { readonly sendId?: string }): Promise<readonly UnknownSend[]>;
  /** Takes a message off the list. */
  remove(sendId: string, index: number): Promise<void>;
}

const prefix = 'unknown/';
const thirtyDaysMs = 30 * 24 * 3_600_000;

/** Part of an item: one of its messages. Media go with the first. */
export function messageAt(item: OutboxItem, index: number): OutboxItem {
  return {
    ...item,
    messages: item.messages.slice(index, index + 1),
    media: index === 0 ? item.media : [],
  };
}

/** Keeps the list in a key-value store, for as long as the progress of sends. */
export function createUnknownSends(options: {
  readonly keyValue: KeyValueStore;
  readonly now: () => Date;
  readonly sends: Pick<SendLedger, 'get'>;
  /** Its dead jobs may hold a message whose process died under the request again and again. */
  readonly queue: Pick<WorkQueue<OutboxItem>, 'dead'>;
}): UnknownSends {
  const { keyValue, now, sends, queue } = options;
  return {
    async add({ sendId, index, item, code }) {
      const value = JSON.stringify({ sendId, index, item, code, since: now().toISOString() });
      await keyValue.set(prefix + sendRef(sendId, index), value, { ttlMs: thirtyDaysMs });
    },
    async list({ sendId } = {}) {
      const found: UnknownSend[] = [];
      for await (const { value } of keyValue.list(prefix)) {
        const unknown = readUnknown(value);
        if (unknown === undefined || (sendId !== undefined && unknown.sendId !== sendId)) continue;
        const progress = await sends.get(unknown.sendId);
        if (progress?.messages[unknown.index]?.state === 'unknown') found.push(unknown);
      }
      for await (const { id, payload, diedAt } of queue.dead()) {
        if (payload === undefined || (sendId !== undefined && id !== sendId)) continue;
        const progress = await sends.get(id);
        for (const [index, { state }] of progress?.messages.entries() ?? []) {
          if (state !== 'dispatching') continue;
          const item = messageAt(payload, index);
          found.push({ sendId: id, index, item, code: 'network', since: diedAt });
        }
      }
      return found;
    },
    async remove(sendId, index) {
      await keyValue.delete(prefix + sendRef(sendId, index));
    },
  };
}

/** What cannot be read hides none of the others. */
function readUnknown(value: string): UnknownSend | undefined {
  try {
    return parseUnknown(JSON.parse(value));
  } catch {
    return undefined;
  }
}

function parseUnknown(json: unknown): UnknownSend | undefined {
  if (!isRecord(json)) return undefined;
  const sendId = stringIn(json, 'sendId');
  const index = numberIn(json, 'index');
  if (sendId === undefined || index === undefined) return undefined;
  const code = json['code'];
  return {
    sendId,
    index,
    item: parseOutboxItem(json['item']),
    code: isTelephonyErrorCode(code) ? code : 'malformed_response',
    since: new Date(stringIn(json, 'since') ?? 0),
  };
}
