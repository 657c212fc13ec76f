import { type Random, randomDigits } from '../carrier/random-id.ts';
import type { TelnyxNumberChange, TelnyxNumberOptions } from './options.ts';
import type { Profiles } from './profiles.ts';

/** A number as the account has it, with the webhooks of its profile. */
export interface TelnyxNumberRecord extends TelnyxNumberChange {
  readonly number: string;
  readonly id: string;
  /** Undefined: on none. */
  readonly messagingProfileId: string | undefined;
  readonly createdAt: Date;
}

type OwnRecord = Omit<TelnyxNumberRecord, 'messageUrl' | 'messageFallbackUrl'>;

/** The numbers of an account. */
export interface TelnyxNumbers {
  readonly all: readonly TelnyxNumberRecord[];
  get(number: string | undefined): TelnyxNumberRecord | undefined;
  /** By identifier, or by the number itself. */
  withId(id: string): TelnyxNumberRecord | undefined;
  onProfile(profileId: string): readonly TelnyxNumberRecord[];
  moveToProfile(number: string, profileId: string | undefined): void;
  /**
   * Changes the profile of a number; one that is on none gets one of its own.
   *
   * @throws {RangeError} when the account has no such number
   */
  change(number: string, change: TelnyxNumberChange): void;
}

/** Takes over the configured numbers, and makes the profiles that they are on. */
export function createTelnyxNumbers(
  configured: readonly TelnyxNumberOptions[],
  {
    profiles,
    now,
    random,
  }: { readonly profiles: Profiles; readonly now: () => number; readonly random: Random },
): TelnyxNumbers {
  const createdAt = new Date(now());
  const records = new Map<string, OwnRecord>();
  for (const options of configured) {
    const { number, id = randomDigits(19, random) } = options;
    const { messagingProfileId: wanted, messageUrl, messageFallbackUrl } = options;
    const profile = wanted === null ? undefined : profiles.require(wanted);
    records.set(number, { number, id, messagingProfileId: profile?.id, createdAt });
    if (profile !== undefined) {
      profiles.change(profile.id, toProfileChange({ messageUrl, messageFallbackUrl }));
    }
  }
  const show = (record: OwnRecord): TelnyxNumberRecord => {
    const profile = profiles.get(record.messagingProfileId);
    return {
      ...record,
      ...(profile?.webhookUrl ? { messageUrl: profile.webhookUrl } : {}),
      ...(profile?.webhookFailoverUrl ? { messageFallbackUrl: profile.webhookFailoverUrl } : {}),
    };
  };
  const all = (): TelnyxNumberRecord[] => Array.from(records.values(), show);
  const move = (number: string, profileId: string | undefined): void => {
    const record = records.get(number);
    if (record !== undefined) records.set(number, { ...record, messagingProfileId: profileId });
  };
  return {
    get all() {
      return all();
    },
    get(number = '') {
      const record = records.get(number);
      return record === undefined ? undefined : show(record);
    },
    withId: (id) => all().find((record) => record.id === id || record.number === id),
    onProfile: (profileId) =>
      all().filter(({ messagingProfileId }) => messagingProfileId === profileId),
    moveToProfile: move,
    change(number, change) {
      const record = records.get(number);
      if (record === undefined) {
        throw new RangeError('the account has no such number; name it in `numbers` at the start');
      }
      const { id } = profiles.require(record.messagingProfileId);
      move(number, id);
      profiles.change(id, toProfileChange(change));
    },
  };
}

function toProfileChange({
  messageUrl,
  messageFallbackUrl,
}: {
  readonly messageUrl?: string | undefined;
  readonly messageFallbackUrl?: string | undefined;
}): { readonly webhookUrl?: string; readonly webhookFailoverUrl?: string } {
  return {
    ...(messageUrl === undefined ? {} : { webhookUrl: messageUrl }),
    ...(messageFallbackUrl === undefined ? {} : { webhookFailoverUrl: messageFallbackUrl }),
  };
}
