import { type Random, randomUuid } from '../carrier/random-id.ts';
import { createSettingsStore, type SettingsStore, type Stored } from '../carrier/settings-store.ts';

/** What can be set on a messaging profile. */
export interface ProfileSettings {
  readonly name: string;
  /** Empty: nowhere. */
  readonly webhookUrl: string;
  readonly webhookFailoverUrl: string;
  /** Kept and shown; webhooks are always of version 2. */
  readonly webhookApiVersion: string;
}

/** A messaging profile: what has the webhooks of the numbers on it. */
export type MessagingProfile = Stored<ProfileSettings>;

/** The messaging profiles of an account. */
export type Profiles = SettingsStore<ProfileSettings>;

/** Makes an account without profiles. */
export function createProfiles({
  now,
  random,
}: {
  readonly now: () => number;
  readonly random: Random;
}): Profiles {
  return createSettingsStore({
    now,
    makeId: () => randomUuid(random),
    fresh: (count) => ({
      name: `profile ${count + 1}`,
      webhookUrl: '',
      webhookFailoverUrl: '',
      webhookApiVersion: '2',
    }),
  });
}
