import { isTelephonyErrorCode, type TelephonyErrorCode } from '@openclaw/telephony-core';
import type { KeyValueStore } from '@openclaw/telephony-store';
import { readRecord, updateRecord } from './compare-and-set.ts';
import { isRecord, numberIn, stringIn } from './json.ts';
import type { Cost } from './spend.ts';

/**
 * How far one message of a send has come. `dispatching` is written before the request leaves: found there after a
 * crash, the message may exist, and becomes `unknown` instead of being sent again.
 */
export type MessageProgress =
  | { readonly state: 'waiting'; readonly attempts: number }
  | { readonly state: 'dispatching'; readonly attempts: number }
  | {
      readonly state: 'accepted';
      readonly messageId: string;
      /** As billed, when the carrier said so. */
      readonly segmentCount?: number;
    }
  | { readonly state: 'unknown'; readonly code: TelephonyErrorCode }
  | { readonly state: 'failed'; readonly code: TelephonyErrorCode; readonly reason: string }
  | { readonly state: 'skipped' };

/** How far a send has come, a message at a time. */
export interface SendProgress {
  readonly id: string;
  readonly to: string;
  readonly createdAt: string;
  /** What the whole send costs. */
  readonly cost: Cost;
  readonly messages: readonly MessageProgress[];
}

/** Remembers how far sends have come, for 30 days. */
export interface SendLedger {
  get(id: string): Promise<SendProgress | undefined>;
  /** Writes the first record of a send; one that is there already stays. For the one who sends alone. */
  begin(id: string, to: string, cost: Cost): Promise<SendProgress>;
  /** Moves one message on. Durable when it resolves. */
  move(id: string, index: number, to: MessageProgress): Promise<SendProgress>;
  /**
   * A receipt names a message. When its request never got an answer, it is now known to exist: `reconciled`.
   * `pending` while the request may still be under way: ask again.
   */
  reconcile(ref: string, messageId: string): Promise<'reconciled' | 'pending' | 'known'>;
}

/** What a carrier is asked to name in its receipts: which message of which send. Safe in a URL's path. */
export const sendRef = (id: string, index: number): string =>
  `${btoaUrl(id)}.${index.toString(36)}`;

const thirtyDaysMs = 30 * 24 * 3_600_000;
const keyOf = (id: string): string => `send/${id}`;

/** Keeps progress in a key-value store. */
export function createSendLedger(options: {
  readonly keyValue: KeyValueStore;
  readonly now: () => Date;
}): SendLedger {
  const { keyValue, now } = options;
  const change = async (
    id: string,
    apply: (current: SendProgress | undefined) => SendProgress | undefined,
  ): Promise<SendProgress | undefined> =>
    updateRecord({
      keyValue,
      key: keyOf(id),
      ttlMs: thirtyDaysMs,
      parse: parseProgress,
      change: apply,
    });
  return {
    get: (id) => readRecord(keyValue, keyOf(id), parseProgress),
    async begin(id, to, cost) {
      const fresh: SendProgress = {
        id,
        to,
        createdAt: now().toISOString(),
        cost,
        messages: Array.from({ length: cost.messageCount }, () => ({
          state: 'waiting',
          attempts: 0,
        })),
      };
      return (await change(id, (current) => (current ? undefined : fresh))) ?? fresh;
    },
    async move(id, index, to) {
      const moved = await change(id, (current) =>
        current === undefined ? undefined : replaceAt(current, index, to),
      );
      if (moved === undefined) throw new Error('a send was moved before it had begun');
      return moved;
    },
    async reconcile(ref, messageId) {
      const { id, index } = parseSendRef(ref);
      let state: MessageProgress['state'] | undefined;
      await change(id, (current) => {
        state = current?.messages[index]?.state;
        return current && state === 'unknown'
          ? replaceAt(current, index, { state: 'accepted', messageId })
          : undefined;
      });
      if (state === 'unknown') return 'reconciled';
      return state === 'dispatching' ? 'pending' : 'known';
    },
  };
}

function replaceAt(send: SendProgress, index: number, to: MessageProgress): SendProgress {
  if (index >= send.messages.length) throw new RangeError('a send has no such message');
  return { ...send, messages: send.messages.map((message, at) => (at === index ? to : message)) };
}

function parseProgress(json: unknown): SendProgress | undefined {
  if (!isRecord(json) || !Array.isArray(json['messages'])) return undefined;
  return {
    id: stringIn(json, 'id') ?? '',
    to: stringIn(json, 'to') ?? '',
    createdAt: stringIn(json, 'createdAt') ?? '',
    cost: {
      messageCount: json['messages'].length,
      segmentCount: isRecord(json['cost']) ? (numberIn(json['cost'], 'segmentCount') ?? 0) : 0,
    },
    messages: json['messages'].map(parseMessageProgress),
  };
}

/** What cannot be read may have been sent: `unknown` is the only safe reading. */
function parseMessageProgress(json: unknown): MessageProgress {
  const record = isRecord(json) ? json : {};
  const attempts = numberIn(record, 'attempts') ?? 0;
  const messageId = stringIn(record, 'messageId');
  const segmentCount = numberIn(record, 'segmentCount');
  const code = isTelephonyErrorCode(record['code']) ? record['code'] : 'malformed_response';
  switch (record['state']) {
    case 'waiting':
      return { state: 'waiting', attempts };
    case 'dispatching':
      return { state: 'dispatching', attempts };
    case 'failed':
      return { state: 'failed', code, reason: stringIn(record, 'reason') ?? '' };
    case 'skipped':
      return { state: 'skipped' };
    case 'accepted':
      return messageId === undefined
        ? { state: 'unknown', code }
        : {
            state: 'accepted',
            messageId,
            ...(segmentCount === undefined ? {} : { segmentCount }),
          };
    default:
      return { state: 'unknown', code };
  }
}

function parseSendRef(ref: string): { readonly id: string; readonly index: number } {
  const dot = ref.lastIndexOf('.');
  return { id: atobUrl(ref.slice(0, dot)), index: Number.parseInt(ref.slice(dot + 1), 36) };
}

const btoaUrl = (text: string): string => Buffer.from(text, 'utf8').toString('base64url');
const atobUrl = (text: string): string => Buffer.from(text, 'base64url').toString('utf8');
