import type { Cost } from '../outbox/spend.ts';
import { isRecord, numberIn, stringIn } from '../records/json.ts';
import { isPurpose, type OutboxItem, parseOutboxItem } from '../outbox/outbox-item.ts';
import type { SendPurpose } from '../outbox/recipients.ts';

/**
 * What is kept of a text that is to leave later, by its id. Its state alone decides what becomes of it, and every change
 * of it is a conditional write: whoever calls it off and whoever hands it over cannot both succeed.
 */
export interface ScheduledRecord {
  readonly id: string;
  /**
   * `claimed`: it is being handed to the outbox, or was when the process died; it cannot be called off. The last two are
   * ends, remembered so that the same id sends nothing again.
   */
  readonly state: 'scheduled' | 'claimed' | 'handed-over' | 'cancelled';
  readonly to: string;
  readonly cost: Cost;
  readonly sendAtMs: number;
  readonly createdAtMs: number;
  /** As whose send it is checked who may be texted. */
  readonly checkedAs: SendPurpose;
  /** How many have it in their hands, those included that have died since. */
  readonly holderCount?: number;
  /** When the last of them took it. */
  readonly claimedAtMs?: number;
  /** What is to be sent; absent once it has an end, and for what this version cannot read. */
  readonly item?: OutboxItem;
  /** Media of one that was called off, until those that the media host keeps are removed. */
  readonly media?: readonly string[];
}

/** True while it is still to be handed to the outbox. */
export const isOpen = ({ state }: ScheduledRecord): boolean =>
  state === 'scheduled' || state === 'claimed';

/** A place in the order in which scheduled texts are due. */
export interface DuePlace {
  readonly id: string;
  readonly dueMs: number;
  readonly sendAtMs: number;
  readonly createdAtMs: number;
}

const prefix = 'scheduled-due/';

/** Under which all places are listed, the first that is due first. */
export const duePrefix = prefix;

/**
 * The key of a place. Those that are due at the same moment, as after a limit that held them back, keep the order in which
 * they were meant to leave, and in which they were asked for.
 */
export const dueKey = ({ id, dueMs, sendAtMs, createdAtMs }: DuePlace): string =>
  `${prefix}${[dueMs, sendAtMs, createdAtMs].map(padded).join('/')}/${id}`;

/** The place in a key of {@link dueKey}. */
export function parseDueKey(key: string): DuePlace | undefined {
  const [, due, sendAt, createdAt, id] = duePattern.exec(key) ?? [];
  if (id === undefined) return undefined;
  return { id, dueMs: Number(due), sendAtMs: Number(sendAt), createdAtMs: Number(createdAt) };
}

/** Where a text stands that nothing has held back. */
export const placeOf = ({ id, sendAtMs, createdAtMs }: ScheduledRecord): DuePlace => ({
  id,
  dueMs: sendAtMs,
  sendAtMs,
  createdAtMs,
});

const duePattern = /^scheduled-due\/(\d{16})\/(\d{16})\/(\d{16})\/(.+)$/su;
/** The last moment that a `Date` can name has 16 digits. */
const padded = (ms: number): string => String(Math.max(0, Math.trunc(ms))).padStart(16, '0');

/** Reads a record back; what cannot be read is taken for open, so that its id sends nothing else. */
export function parseScheduled(id: string, json: unknown): ScheduledRecord {
  const record = isRecord(json) ? json : {};
  const cost = isRecord(record['cost']) ? record['cost'] : {};
  const { state, checkedAs, media } = record;
  const item = itemIn(record['item']);
  return {
    id,
    state:
      state === 'claimed' || state === 'handed-over' || state === 'cancelled' ? state : 'scheduled',
    to: stringIn(record, 'to') ?? '',
    cost: {
      messageCount: numberIn(cost, 'messageCount') ?? 1,
      segmentCount: numberIn(cost, 'segmentCount') ?? 1,
    },
    sendAtMs: numberIn(record, 'sendAtMs') ?? 0,
    createdAtMs: numberIn(record, 'createdAtMs') ?? 0,
    checkedAs: isPurpose(checkedAs) ? checkedAs : 'agent',
    ...(state === 'claimed'
      ? {
          holderCount: numberIn(record, 'holderCount') ?? 1,
          claimedAtMs: numberIn(record, 'claimedAtMs') ?? 0,
        }
      : {}),
    ...(item === undefined ? {} : { item }),
    ...(Array.isArray(media) ? { media: media.filter((url) => typeof url === 'string') } : {}),
  };
}

function itemIn(json: unknown): OutboxItem | undefined {
  try {
    return parseOutboxItem(json);
  } catch {
    return undefined;
  }
}
