import type { Account } from '@openclaw/telephony-config';
import { type Logger, openAccountView } from '@openclaw/telephony-server';
import type { TelephonyStore } from '@openclaw/telephony-store';

/** What {@link tellLeftBehind} takes. */
export interface LeftBehindOptions {
  /** Those that run. */
  readonly served: readonly Account[];
  /** Those of the configuration that do not; `undefined` when others are left to somebody else. */
  readonly switchedOff: readonly Account[] | undefined;
  readonly store: TelephonyStore;
  readonly logger: Logger;
}

/** Where the ids of the accounts are kept that were served on this data, as long as something waits in them. */
const key = 'served-accounts';

/**
 * Says of accounts that are not served any more what waits there: it would wait for ever, and nobody would know. Never
 * rejects.
 */
export async function tellLeftBehind(options: LeftBehindOptions): Promise<void> {
  const { served, switchedOff, store, logger } = options;
  const ids = new Set(served.map(({ id }) => id));
  try {
    const before = parseIds((await store.keyValue.get(key))?.value);
    const left = [...new Set([...before, ...(switchedOff ?? []).map(({ id }) => id)])].filter(
      (id) => !ids.has(id),
    );
    for (const id of left) {
      if (switchedOff === undefined || (await isAnythingLeft(id, options))) ids.add(id);
    }
    const after = JSON.stringify([...ids].toSorted());
    if (after !== JSON.stringify(before)) await store.keyValue.set(key, after);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    logger.warn({ reason }, 'nobody knows whether texts wait in accounts that are not served');
  }
}

async function isAnythingLeft(id: string, { store, logger }: LeftBehindOptions): Promise<boolean> {
  const view = openAccountView({ store, accountId: id });
  const [{ texts, signals, outbox }, scheduled] = await Promise.all([
    view.queues(),
    view.scheduled.list({ limit: 1 }),
  ]);
  const waiting = [texts, signals, outbox].reduce((sum, queue) => sum + queue.waiting, 0);
  if (waiting === 0 && scheduled.length === 0) return false;
  logger.warn(
    { account: id, waiting, scheduled: scheduled.length > 0 },
    `nobody serves the account "${id}", and texts wait there: see \`telephony status --account ${id}\` and \`telephony scheduled list --account ${id}\`, with --data and without --config`,
  );
  return true;
}

function parseIds(note: string | undefined): readonly string[] {
  const ids: unknown = note === undefined ? [] : JSON.parse(note);
  return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [];
}
