import type { TelephonyAccount } from './account.ts';

/** What the service was started with, whether or not it runs. */
export interface Announced {
  readonly accounts: readonly TelephonyAccount[];
  /** The account that is meant when none is named. */
  readonly defaultAccountId: string;
}

/** One for the process: the copy of the plugin that is asked is not always the copy whose service runs. */
const key = Symbol.for('@openclaw/telephony/announced');

/** Tells everything in this process which accounts there are to be. */
export const announce = (accounts: Announced): void => void Reflect.set(globalThis, key, accounts);

/** Which accounts there are to be; `undefined` where no service was ever started. */
export function announced(): Announced | undefined {
  const known: unknown = Reflect.get(globalThis, key);
  return isAnnounced(known) ? known : undefined;
}

const isAnnounced = (value: unknown): value is Announced =>
  typeof value === 'object' && value !== null && 'accounts' in value && 'defaultAccountId' in value;
