import { isTelephonyErrorCode, type TelephonyErrorCode } from '@openclaw/telephony-core';
import type { KeyValueStore } from '@openclaw/telephony-store';
import { readRecord, updateRecord } from '../records/compare-and-set.ts';
import { isRecord, numberIn, stringIn } from '../records/json.ts';
import type { Cost } from './spend.ts';

/**
 * How far one message of a send has come. `dispatching` is written before the request leaves: found there after a
 * crash, the message may exist, and becomes `unknown` instead of being sent again.
 */
export type MessageProgress =
  /** It is not in the outbox yet. `sendAt` is a moment as in JSON. */
  | { readonly state: 'scheduled'; readonly sendAt: string }
  /** It was scheduled, and called off. */
  | { readonly state: 'cancelled' }
  | {
      readonly state: 'waiting';
      readonly attempts: number;
      /** When the first of these tries failed. */
      readonly failingSince?: string;
    }
  | { readonly state: 'dispatching'; readonly attempts: number }
  | {
      readonly state: 'accepted';
      readonly messageId: string;
      /** As billed, when the carrier said so. */
      readonly segmentCount?: number;
    }
  | { readonly state: 'unknown'; readonly code: TelephonyErrorCode }
  | { readonly state: 'failed'; readonly code: TelephonyErrorCode; readonly reason: string }
  | { readonly state: 'skipped' }
  /** This account cannot send it, and another one is being given it. */
  | { readonly state: 'handing-over'; readonly account: string }
  /** Another account sends it, under that id. */
  | { readonly state: 'handed-over'; readonly account: string; readonly sendId: string }
  /** It was unknown, and a person decided: it did leave, or it was put into the outbox again under another id. */
  | { readonly state: 'resolved'; readonly as: 'sent' }
  | { readonly state: 'resolved'; readonly as: 'sent-again'; readonly sendId: string };

/** How far a send has come, a message at a time. */
export interface SendProgress {
  readonly id: string;
  readonly to: string;
  readonly createdAt: string;
  /** What the whole send costs. */
  readonly cost: Cost;
  readonly messages: readonly MessageProgress[];
  /** What the log calls the conversation that this send belongs to. */
  readonly correlationId?: string;
}

/** Remembers how far sends have come, for 30 days. */
export interface SendLedger {
  get(id: string): Promise<SendProgress | undefined>;
  /** Writes the first record of a send; one that is there already stays. For the one who sends alone. */
  begin(id: string, to: string, cost: Cost, correlationId?: string): Promise<SendProgress>;
  /**
   * Moves one message on, unless it is known to exist: `accepted` never goes back, whatever a late answer to its request
   * says. Nor does `dispatching` follow upon anything that may have left already. Durable when it resolves, with the progress as it then is.
   */
  move(id: string, index: number, to: MessageProgress): Promise<SendProgress>;
  /**
   * Moves a message to `dispatching`: true for the one caller who may then send it. Whoever is told false must not, and
   * finds out in `progress` why.
   */
  startDispatch(
    id: string,
    index: number,
    attempts: number,
  ): Promise<{ readonly isMine: boolean; readonly progress: SendProgress }>;
  /**
   * A receipt names a message, which is proof that it exists: `reconciled` when that was not known, whether its request
   * got no answer, is still under way, or seemed to have failed.
   */
  reconcile(ref: string, messageId: string): Promise<'reconciled' | 'known'>;
  /** Writes down what a person decided of a message that is unknown; false when it is not unknown any more. */
  resolve(id: string, index: number, as: ResolvedMessage): Promise<boolean>;
}

/** What became of an unknown message by a person's decision. */
export type ResolvedMessage = Extract<MessageProgress, { readonly state: 'resolved' }>;

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
  async function move(
    id: string,
    index: number,
    to: MessageProgress,
  ): Promise<{ readonly isMine: boolean; readonly progress: SendProgress }> {
    let isMine = false;
    const progress = await change(id, (current) => {
      isMine = current !== undefined && mayFollow(current.messages[index], to);
      return current && isMine ? replaceAt(current, index, to) : undefined;
    });
    if (progress === undefined) throw new Error('a send was moved before it had begun');
    return { isMine, progress };
  }
  return {
    get: (id) => readRecord(keyValue, keyOf(id), parseProgress),
    async begin(id, to, cost, correlationId) {
      const fresh: SendProgress = {
        id,
        to,
        createdAt: now().toISOString(),
        cost,
        ...(correlationId === undefined ? {} : { correlationId }),
        messages: Array.from({ length: cost.messageCount }, () => ({
          state: 'waiting',
          attempts: 0,
        })),
      };
      return (await change(id, (current) => (current ? undefined : fresh))) ?? fresh;
    },
    async move(id, index, to) {
      const { progress } = await move(id, index, to);
      return progress;
    },
    startDispatch: (id, index, attempts) => move(id, index, { state: 'dispatching', attempts }),
    async reconcile(ref, messageId) {
      const { id, index } = parseSendRef(ref);
      let isNews = false;
      await change(id, (current) => {
        const state = current?.messages[index]?.state;
        isNews = state !== undefined && state !== 'accepted';
        return current && isNews
          ? replaceAt(current, index, { state: 'accepted', messageId })
          : undefined;
      });
      return isNews ? 'reconciled' : 'known';
    },
    async resolve(id, index, as) {
      let wasUnknown = false;
      await change(id, (current) => {
        const state = current?.messages[index]?.state;
        // `dispatching` is as unknown, once the job is dead that would have found it out.
        wasUnknown = state === 'unknown' || state === 'dispatching';
        return current && wasUnknown ? replaceAt(current, index, as) : undefined;
      });
      return wasUnknown;
    },
  };
}

/** What certainly has not left. */
const notSent: ReadonlySet<MessageProgress['state']> = new Set(['waiting', 'failed', 'skipped']);

function mayFollow(before: MessageProgress | undefined, { state }: MessageProgress): boolean {
  if (before === undefined) return true;
  if (state === 'dispatching') return notSent.has(before.state);
  return before.state !== 'accepted' || state === 'accepted';
}

function replaceAt(send: SendProgress, index: number, to: MessageProgress): SendProgress {
  if (index >= send.messages.length) throw new RangeError('a send has no such message');
  return { ...send, messages: send.messages.map((message, at) => (at === index ? to : message)) };
}

function parseProgress(json: unknown): SendProgress | undefined {
  if (!isRecord(json) || !Array.isArray(json['messages'])) return undefined;
  const correlationId = stringIn(json, 'correlationId');
  return {
    ...(correlationId === undefined ? {} : { correlationId }),
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
  const failingSince = stringIn(record, 'failingSince');
  const code = isTelephonyErrorCode(record['code']) ? record['code'] : 'malformed_response';
  switch (record['state']) {
    case 'waiting':
      return {
        state: 'waiting',
        attempts,
        ...(failingSince === undefined ? {} : { failingSince }),
      };
    case 'dispatching':
      return { state: 'dispatching', attempts };
    case 'failed':
      return { state: 'failed', code, reason: stringIn(record, 'reason') ?? '' };
    case 'skipped':
      return { state: 'skipped' };
    case 'handing-over':
      return { state: 'handing-over', account: stringIn(record, 'account') ?? '' };
    case 'handed-over':
      return {
        state: 'handed-over',
        account: stringIn(record, 'account') ?? '',
        sendId: stringIn(record, 'sendId') ?? '',
      };
    case 'resolved':
      return record['as'] === 'sent-again'
        ? { state: 'resolved', as: 'sent-again', sendId: stringIn(record, 'sendId') ?? '' }
        : { state: 'resolved', as: 'sent' };
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

/** The opposite of {@link sendRef}. */
export function parseSendRef(ref: string): { readonly id: string; readonly index: number } {
  const dot = ref.lastIndexOf('.');
  return { id: atobUrl(ref.slice(0, dot)), index: Number.parseInt(ref.slice(dot + 1), 36) };
}

const btoaUrl = (text: string): string => Buffer.from(text, 'utf8').toString('base64url');
const atobUrl = (text: string): string => Buffer.from(text, 'base64url').toString('utf8');
