import type { SendPurpose } from '../outbox/recipients.ts';
import type { Schedule } from './schedule.ts';
import { type DuePlace, isOpen, type ScheduledRecord } from './scheduled-record.ts';

/** A text that is to leave later. */
export interface ScheduledText {
  /** The id of the send. */
  readonly id: string;
  readonly sendAt: Date;
  readonly to: string;
  readonly text: string;
  readonly mediaCount: number;
  readonly segmentCount: number;
  readonly purpose: SendPurpose;
  readonly createdAt: Date;
}

/** The texts that are to leave later, for a person to look at. */
export interface ScheduledTexts {
  /** The next one first; `limit` defaults to 100. */
  list(options?: { readonly limit?: number }): Promise<readonly ScheduledText[]>;
  /**
   * Calls one off: true when it will not be sent. False when it has been handed to the outbox or may be just now, when it
   * was called off before, and when nothing is scheduled under this id.
   */
  cancel(id: string): Promise<boolean>;
}

/** Shows a schedule. */
export function createScheduledTexts(
  schedule: Pick<Schedule, 'places' | 'read' | 'cancel'>,
): ScheduledTexts {
  return {
    async list({ limit = 100 } = {}) {
      const found = new Map<string, ScheduledText>();
      if (limit <= 0) return [];
      for await (const place of schedule.places()) {
        const record = found.has(place.id) ? undefined : await schedule.read(place.id);
        if (record !== undefined && isOpen(record)) found.set(place.id, toText(place, record));
        if (found.size >= limit) break;
      }
      return [...found.values()];
    },
    cancel: (id) => schedule.cancel(id),
  };
}

/** The moments as its place has them: those of a record that cannot be read are lost. */
function toText(
  { id, sendAtMs, createdAtMs }: DuePlace,
  { to, item, cost, checkedAs }: ScheduledRecord,
): ScheduledText {
  return {
    id,
    sendAt: new Date(sendAtMs),
    to,
    text: item?.messages.map(({ text }) => text).join('\n') ?? '',
    mediaCount: item?.media.length ?? 0,
    segmentCount: cost.segmentCount,
    purpose: item?.purpose ?? checkedAs,
    createdAt: new Date(createdAtMs),
  };
}
