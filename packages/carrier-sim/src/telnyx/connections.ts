import { type Random, randomDigits } from '../carrier/random-id.ts';
import { createSettingsStore, type SettingsStore, type Stored } from '../carrier/settings-store.ts';

/** What can be set on a Call Control application. */
export interface ConnectionSettings {
  readonly name: string;
  /** Empty: nowhere, and calls can neither come in nor be placed. */
  readonly webhookUrl: string;
  readonly webhookFailoverUrl: string;
  /** Kept and shown; webhooks are always of version 2. */
  readonly webhookApiVersion: string;
}

/** A Call Control application: what has the webhook for calls of the numbers on it. Its identifier is a `connection_id`. */
export type CallControlApplication = Stored<ConnectionSettings>;

/** The Call Control applications of an account. */
export type Connections = SettingsStore<ConnectionSettings>;

/** Makes an account without applications. */
export function createConnections({
  now,
  random,
}: {
  readonly now: () => number;
  readonly random: Random;
}): Connections {
  return createSettingsStore({
    now,
    makeId: () => randomDigits(19, random),
    fresh: (count) => ({
      name: `application ${count + 1}`,
      webhookUrl: '',
      webhookFailoverUrl: '',
      webhookApiVersion: '2',
    }),
  });
}
