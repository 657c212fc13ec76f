import {
  contradicts,
  type DeliveryStatus,
  isDeliveryStatus,
  isFinalStatus,
  mergeDeliveryStatus,
} from '@openclaw/telephony-core';
import type { KeyValueStore } from '@openclaw/telephony-store';
import { readRecord, updateRecord } from './compare-and-set.ts';
import { isRecord, stringIn } from './json.ts';

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
}

/** One report of the carrier: the answer to a send, or a receipt. */
export interface DeliveryReport {
  readonly messageId: string;
  readonly status: DeliveryStatus;
  readonly carrierErrorCode?: string;
}

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
}

const keyOf = (messageId: string): string => `delivery/${messageId}`;
const parserOf =
  (messageId: string) =>
  (json: unknown): Delivery | undefined =>
    parseDelivery(messageId, json);
const thirtyDaysMs = 30 * 24 * 3_600_000;
const historyLimit = 20;

/** Keeps deliveries in a key-value store for 30 days after the last report. */
export function createDeliveryTracker(options: DeliveryTrackerOptions): DeliveryTracker {
  const { keyValue, now, onFailed } = options;
  return {
    async record(report) {
      let before: Delivery | undefined;
      const after = await updateRecord({
        keyValue,
        key: keyOf(report.messageId),
        ttlMs: thirtyDaysMs,
        parse: parserOf(report.messageId),
        change: (current) => {
          before = current;
          return join(current, report, now());
        },
      });
      const delivery = after ?? join(undefined, report, now());
      if (failed(delivery) && !(before && failed(before))) onFailed(delivery);
      return delivery;
    },
    get: (messageId) => readRecord(keyValue, keyOf(messageId), parserOf(messageId)),
  };
}

const failed = ({ status }: Delivery): boolean => status === 'failed' || status === 'undelivered';

function join(current: Delivery | undefined, report: DeliveryReport, at: Date): Delivery {
  const known = current?.status ?? report.status;
  const history = current?.history ?? [];
  const status = mergeDeliveryStatus(known, report.status);
  const carrierErrorCode =
    status === report.status
      ? (report.carrierErrorCode ?? current?.carrierErrorCode)
      : current?.carrierErrorCode;
  return {
    messageId: report.messageId,
    status,
    ...(carrierErrorCode === undefined ? {} : { carrierErrorCode }),
    contradicted: (current?.contradicted ?? false) || contradicts(known, report.status),
    history:
      history.at(-1) === report.status ? history : [...history, report.status].slice(-historyLimit),
    updatedAt: isFinalStatus(known) && current ? current.updatedAt : at,
  };
}

function parseDelivery(messageId: string, json: unknown): Delivery | undefined {
  if (!isRecord(json) || !isDeliveryStatus(json['status'])) return undefined;
  const carrierErrorCode = stringIn(json, 'carrierErrorCode');
  return {
    messageId,
    status: json['status'],
    ...(carrierErrorCode === undefined ? {} : { carrierErrorCode }),
    contradicted: json['contradicted'] === true,
    history: Array.isArray(json['history']) ? json['history'].filter(isDeliveryStatus) : [],
    updatedAt: new Date(stringIn(json, 'updatedAt') ?? 0),
  };
}
