import {
  contradicts,
  type DeliveryStatus,
  isDeliveryStatus,
  isFinalStatus,
  mergeDeliveryStatus,
  type MessagingProvider,
  type TelephonyErrorCode,
} from '@openclaw/telephony-core';
import type { Entry, KeyValueStore } from '@openclaw/telephony-store';
import { readRecord, updateRecord } from '../records/compare-and-set.ts';
import { isRecord, stringIn } from '../records/json.ts';
import { createRecordCap } from '../records/record-cap.ts';

/** What is known of one message at the carrier. */
export interface Delivery {
  readonly messageId: string;
  readonly status: DeliveryStatus;
  readonly carrierErrorCode?: string;
  /** True when the carrier reported two final states that cannot both be right. */
  readonly contradicted: boolean;
  /** Every status in the order in which it was told, at most the last 20. */
  readonly history: readonly DeliveryStatus[];
  readonly updatedAt: Date;
  /** When it was sent, or heard of for the first time; absent in records of earlier versions. */
  readonly acceptedAt?: Date;
  /** Whom it was for, which of our sends it is, and what the log calls the conversation: of what was sent from here. */
  readonly to?: string;
  readonly sendId?: string;
  readonly correlationId?: string;
}

/** One report of the carrier: the answer to a send, or a receipt. */
export interface DeliveryReport extends Origin {
  readonly messageId: string;
  readonly status: DeliveryStatus;
  readonly carrierErrorCode?: string;
  /** When it was sent, if that was before it is heard of here for the first time. */
  readonly acceptedAt?: Date;
}

/** Which of our sends a message is. */
type Origin = Pick<Delivery, 'to' | 'sendId' | 'correlationId'>;

/** Follows messages to their end, whatever the order in which receipts arrive. */
export interface DeliveryTracker {
  /** Joins a report with what is known. Durable when it resolves. */
  record(report: DeliveryReport): Promise<Delivery>;
  get(messageId: string): Promise<Delivery | undefined>;
}

/** What {@link createDeliveryTracker} takes. */
export interface DeliveryTrackerOptions {
  readonly keyValue: KeyValueStore;
  readonly now: () => Date;
  /** Called once for each message that ended without arriving; must not throw. */
  readonly onFailed: (delivery: Delivery) => void;
  /** Called once for each message that came to an end; must not throw. */
  readonly onEnded?: (delivery: Delivery) => void;
  /** What an error of the carrier means, where the provider can tell. */
  readonly errorCodeOf?: ErrorCodeOf;
  /**
   * A message did not arrive because this person asked the carrier for no more. Called until it resolves once; an
   * opt-out that the carrier tells of only in a receipt is learned here.
   */
  readonly onOptedOut?: (person: string, acceptedAt: Date) => Promise<void>;
  /** How many messages are followed; default 50,000, and a quarter more between two sweeps. The oldest go first. */
  readonly maxCount?: number;
}

/** Puts a carrier's own error number into the words of the contract; `undefined` for one that it does not know. */
export type ErrorCodeOf = (carrierErrorCode: string) => TelephonyErrorCode | undefined;

/** What a provider says about its carrier's error numbers; nothing, from one that says nothing. */
export function errorVocabulary(
  messaging: MessagingProvider & { readonly errorCodeOf?: ErrorCodeOf },
): { readonly errorCodeOf?: ErrorCodeOf } {
  const errorCodeOf = messaging.errorCodeOf?.bind(messaging);
  return errorCodeOf === undefined ? {} : { errorCodeOf };
}

const prefix = 'delivery/';
const keyOf = (messageId: string): string => prefix + messageId;
/** A delivery as it is kept: with a note of what was done about it. */
interface FollowedDelivery extends Delivery {
  readonly isOptOutLearned?: true;
}
const parserOf =
  (messageId: string) =>
  (json: unknown): FollowedDelivery | undefined =>
    parseDelivery(messageId, json);
const thirtyDaysMs = 30 * 24 * 3_600_000;
const historyLimit = 20;

function writtenAtMs({ value }: Entry): number {
  const json: unknown = JSON.parse(value);
  const updatedAt = isRecord(json) ? stringIn(json, 'updatedAt') : undefined;
  return Date.parse(updatedAt ?? '') || 0;
}

/** Keeps deliveries in a key-value store for 30 days after the last report. */
export function createDeliveryTracker(options: DeliveryTrackerOptions): DeliveryTracker {
  const { keyValue, now, onFailed, onEnded, onOptedOut, maxCount = 50_000 } = options;
  const cap = createRecordCap({ keyValue, prefix, maxCount, writtenAtMs });
  const change = async (
    messageId: string,
    apply: (current: FollowedDelivery | undefined) => FollowedDelivery | undefined,
  ): Promise<FollowedDelivery | undefined> =>
    updateRecord({
      keyValue,
      key: keyOf(messageId),
      ttlMs: thirtyDaysMs,
      parse: parserOf(messageId),
      change: apply,
    });

  const tellsOfStop = (carrierErrorCode: string): boolean =>
    options.errorCodeOf?.(carrierErrorCode) === 'recipient_opted_out';

  function isOptOut(delivery: FollowedDelivery): boolean {
    const { carrierErrorCode, isOptOutLearned } = delivery;
    if (carrierErrorCode === undefined || isOptOutLearned === true || !failed(delivery))
      return false;
    return tellsOfStop(carrierErrorCode);
  }

  const joined = (
    current: FollowedDelivery | undefined,
    report: DeliveryReport,
  ): FollowedDelivery => join(current, report, now(), tellsOfStop);

  return {
    async record(report) {
      let before: FollowedDelivery | undefined;
      const after = await change(report.messageId, (current) => {
        before = current;
        return joined(current, report);
      });
      const delivery = after ?? joined(undefined, report);
      if (isFinalStatus(delivery.status) && !(before && isFinalStatus(before.status))) {
        onEnded?.(delivery);
      }
      if (failed(delivery) && !(before && failed(before))) onFailed(delivery);
      // Noted only afterwards: after a crash in between it is learned again, which changes nothing.
      if (onOptedOut && delivery.to !== undefined && isOptOut(delivery)) {
        await onOptedOut(delivery.to, delivery.acceptedAt ?? delivery.updatedAt);
        await change(
          report.messageId,
          (current) => current && { ...current, isOptOutLearned: true },
        );
      }
      // Behind all that must happen once: it may fail.
      if (before === undefined) await cap.added();
      return delivery;
    },
    get: (messageId) => readRecord(keyValue, keyOf(messageId), parserOf(messageId)),
  };
}

const failed = ({ status }: Pick<Delivery, 'status'>): boolean =>
  status === 'failed' || status === 'undelivered';

function join(
  current: FollowedDelivery | undefined,
  report: DeliveryReport,
  at: Date,
  tellsOfStop: (carrierErrorCode: string) => boolean,
): FollowedDelivery {
  const known = current?.status ?? report.status;
  const history = current?.history ?? [];
  const status = mergeDeliveryStatus(known, report.status);
  const isNews = status === report.status;
  const reported = isNews || failed({ status }) ? report.carrierErrorCode : undefined;
  const codes = isNews
    ? [reported, current?.carrierErrorCode]
    : [current?.carrierErrorCode, reported];
  // Of two that say why a message failed, in whatever order, the one that tells of a STOP must not be lost.
  const carrierErrorCode =
    codes.find((code) => code !== undefined && tellsOfStop(code)) ??
    codes.find((code) => code !== undefined);
  return {
    messageId: report.messageId,
    status,
    ...(carrierErrorCode === undefined ? {} : { carrierErrorCode }),
    contradicted: (current?.contradicted ?? false) || contradicts(known, report.status),
    history:
      history.at(-1) === report.status ? history : [...history, report.status].slice(-historyLimit),
    updatedAt: isFinalStatus(known) && current ? current.updatedAt : at,
    ...earliest(current === undefined ? at : current.acceptedAt, report.acceptedAt),
    ...originOf(current ?? {}),
    ...originOf(report),
    ...(current?.isOptOutLearned === true ? { isOptOutLearned: true } : {}),
  };
}

function earliest(one: Date | undefined, other: Date | undefined): Pick<Delivery, 'acceptedAt'> {
  const acceptedAt = one && other && other.getTime() < one.getTime() ? other : (one ?? other);
  return acceptedAt === undefined ? {} : { acceptedAt };
}

function originOf({ to, sendId, correlationId }: Origin): Origin {
  return {
    ...(to === undefined ? {} : { to }),
    ...(sendId === undefined ? {} : { sendId }),
    ...(correlationId === undefined ? {} : { correlationId }),
  };
}

function parseDelivery(messageId: string, json: unknown): FollowedDelivery | undefined {
  if (!isRecord(json) || !isDeliveryStatus(json['status'])) return undefined;
  const [to, sendId, correlationId] = ['to', 'sendId', 'correlationId'].map((name) =>
    stringIn(json, name),
  );
  const carrierErrorCode = stringIn(json, 'carrierErrorCode');
  const acceptedAt = stringIn(json, 'acceptedAt');
  return {
    messageId,
    status: json['status'],
    ...(carrierErrorCode === undefined ? {} : { carrierErrorCode }),
    contradicted: json['contradicted'] === true,
    history: Array.isArray(json['history']) ? json['history'].filter(isDeliveryStatus) : [],
    updatedAt: new Date(stringIn(json, 'updatedAt') ?? 0),
    ...(acceptedAt === undefined ? {} : { acceptedAt: new Date(acceptedAt) }),
    ...(to === undefined ? {} : { to }),
    ...(sendId === undefined ? {} : { sendId }),
    ...(correlationId === undefined ? {} : { correlationId }),
    ...(json['isOptOutLearned'] === true ? { isOptOutLearned: true } : {}),
  };
}
