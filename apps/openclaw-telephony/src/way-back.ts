import type { WebhookSettings } from '@openclaw/telephony-core';
import type { KeyValueStore } from '@openclaw/telephony-store';
import { isRecord } from './record.ts';

/** What a number led to before the first change from here, however often it was changed from here since. */
export interface WayBack {
  saved(): Promise<Saved | undefined>;
  /** Before a change: keeps what there is, unless it is from here itself. */
  begin(now: WebhookSettings, wanted: WebhookSettings): Promise<void>;
  /** After it: what the carrier's answer tells beside the address, to put back exactly what was found. */
  end(now: WebhookSettings, before: WebhookSettings): Promise<void>;
  forget(): Promise<void>;
}

/** The way back, as it was kept. */
export interface Saved {
  readonly before: WebhookSettings;
  /** Whether an address was set up from here. */
  isOurs(now: WebhookSettings): boolean;
}

/** The address of texts, or null when there is none. */
export const hrefOf = ({ messageUrl }: WebhookSettings): string | null => messageUrl?.href ?? null;

/** Keeps the way back of one number. */
export function createWayBack(keyValue: KeyValueStore, numberAtCarrier: string): WayBack {
  const key = `openclaw/setup/${numberAtCarrier}`;
  const load = async (): Promise<unknown> => {
    const entry = await keyValue.get(key);
    return entry === undefined ? undefined : JSON.parse(entry.value);
  };
  async function saved(): Promise<(Saved & { readonly record: object }) | undefined> {
    const record = await load();
    if (!isRecord(record)) return undefined;
    const { messageUrl, restore, ours } = record;
    return {
      record,
      before: {
        messageUrl: typeof messageUrl === 'string' ? new URL(messageUrl) : null,
        ...(typeof restore === 'object' && restore !== null ? { restore: { ...restore } } : {}),
      },
      // An older record does not say what was set.
      isOurs: (now) => !Array.isArray(ours) || ours.includes(hrefOf(now)),
    };
  }
  const write = async (record: object): Promise<void> => {
    await keyValue.set(key, JSON.stringify(record));
  };
  return {
    saved,
    async begin(now, wanted) {
      const known = await saved();
      const isFirst = known === undefined || !known.isOurs(now);
      const record = isFirst ? { messageUrl: hrefOf(now), restore: now.restore } : known.record;
      // Both may be what is found after a crash in between.
      await write({ ...record, ours: [...(isFirst ? [] : [hrefOf(now)]), hrefOf(wanted)] });
    },
    async end(now, before) {
      const known = await saved();
      if (known === undefined || hrefOf(known.before) !== hrefOf(now)) return;
      await write({ ...known.record, restore: before.restore });
    },
    async forget() {
      await keyValue.delete(key);
    },
  };
}
