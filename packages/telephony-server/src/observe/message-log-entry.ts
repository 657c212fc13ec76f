import { isOptOutKeyword, type OptOutKeyword } from '@openclaw/telephony-core';
import type { Entry } from '@openclaw/telephony-store';
import { isRecord, numberIn, stringIn } from '../records/json.ts';
import { isPurpose } from '../outbox/outbox-item.ts';
import type { SendPurpose } from '../outbox/recipients.ts';

/** One text, in or out, as the operator's own database keeps it: with its words and its full numbers. */
export interface LoggedMessage {
  /** Its place in the log: what is newer sorts before it. */
  readonly id: string;
  readonly at: Date;
  readonly direction: 'inbound' | 'outbound';
  /** Ours, for what was sent: the number, or the id of the pool. */
  readonly from: string;
  readonly to: string;
  readonly text: string;
  readonly mediaCount: number;
  readonly segmentCount?: number;
  /** The carrier's id of a text that arrived. */
  readonly messageId?: string;
  /** The inbox's id of a text that arrived. */
  readonly inboxId?: string;
  /** Set when the text was a word of consent, which the application does not hear. */
  readonly keyword?: OptOutKeyword;
  /** The id under which it was sent, and under which its progress is known. */
  readonly sendId?: string;
  readonly purpose?: SendPurpose;
  /** The same in every line of the log, and in the record, of a text and its answers. */
  readonly correlationId: string;
}

/** Under which keys the records are. */
export const logPrefix = 'log/';

/** The value of a record. Its id is its key. */
export function writeLogEntry({ id: _id, at, ...message }: LoggedMessage): string {
  return JSON.stringify({ ...message, atMs: at.getTime() });
}

/** When a record was written, read out of its key. */
export function writtenAtMsOf({ key }: Pick<Entry, 'key'>): number {
  return 9_999_999_999_999 - Number(key.slice(logPrefix.length, logPrefix.length + 13));
}

/** Reads a record; `undefined` for what no version of this code wrote. */
export function parseLogEntry({
  key,
  value,
}: Pick<Entry, 'key' | 'value'>): LoggedMessage | undefined {
  const json: unknown = JSON.parse(value);
  if (!isRecord(json)) return undefined;
  const { direction, keyword, purpose } = json;
  if (direction !== 'inbound' && direction !== 'outbound') return undefined;
  const segmentCount = numberIn(json, 'segmentCount');
  return {
    id: key.slice(logPrefix.length),
    at: new Date(numberIn(json, 'atMs') ?? writtenAtMsOf({ key })),
    direction,
    from: stringIn(json, 'from') ?? '',
    to: stringIn(json, 'to') ?? '',
    text: stringIn(json, 'text') ?? '',
    mediaCount: numberIn(json, 'mediaCount') ?? 0,
    ...(segmentCount === undefined ? {} : { segmentCount }),
    ...textsIn(json, ['messageId', 'inboxId', 'sendId']),
    ...(isOptOutKeyword(keyword) ? { keyword } : {}),
    ...(isPurpose(purpose) ? { purpose } : {}),
    correlationId: stringIn(json, 'correlationId') ?? '',
  };
}

function textsIn<Name extends string>(
  json: { readonly [key: string]: unknown },
  names: readonly Name[],
): { readonly [key in Name]?: string } {
  const texts: { [key in Name]?: string } = {};
  for (const name of names) {
    const text = stringIn(json, name);
    if (text !== undefined) texts[name] = text;
  }
  return texts;
}
