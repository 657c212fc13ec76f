import { type Random, randomDigits } from '../carrier/random-id.ts';
import type { Connections, ConnectionSettings } from './connections.ts';
import type { TelnyxNumberChange, TelnyxNumberOptions } from './options.ts';
import type { Profiles, ProfileSettings } from './profiles.ts';

/** A number as the account has it, with the webhooks of its profile. */
export interface TelnyxNumberRecord extends TelnyxNumberChange {
  readonly number: string;
  readonly id: string;
  /** Undefined: on none. */
  readonly messagingProfileId: string | undefined;
  /** The Call Control application; undefined: on none. */
  readonly connectionId: string | undefined;
  readonly createdAt: Date;
}

type OwnRecord = Omit<TelnyxNumberRecord, keyof TelnyxNumberChange>;

/** The numbers of an account. */
export interface TelnyxNumbers {
  readonly all: readonly TelnyxNumberRecord[];
  get(number: string | undefined): TelnyxNumberRecord | undefined;
  /** By identifier, or by the number itself. */
  withId(id: string): TelnyxNumberRecord | undefined;
  onProfile(profileId: string): readonly TelnyxNumberRecord[];
  moveToProfile(number: string, profileId: string | undefined): void;
  moveToConnection(number: string, connectionId: string | undefined): void;
  /**
   * Changes the profile and the application of a number; one that is on none gets one of its own.
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
    connections,
    now,
    random,
  }: {
    readonly profiles: Profiles;
    readonly connections: Connections;
    readonly now: () => number;
    readonly random: Random;
  },
): TelnyxNumbers {
  const createdAt = new Date(now());
  const records = new Map<string, OwnRecord>();
  for (const options of configured) {
    const { number, id = randomDigits(19, random) } = options;
    const { messagingProfileId: wanted, connectionId: line } = options;
    const profile = wanted === null ? undefined : profiles.require(wanted);
    const connection = line === null ? undefined : connections.require(line);
    const on = { messagingProfileId: profile?.id, connectionId: connection?.id };
    records.set(number, { number, id, ...on, createdAt });
    if (profile !== undefined) profiles.change(profile.id, toProfileChange(options));
    if (connection !== undefined) connections.change(connection.id, toConnectionChange(options));
  }
  const show = (record: OwnRecord): TelnyxNumberRecord => {
    const profile = profiles.get(record.messagingProfileId);
    const connection = connections.get(record.connectionId);
    return {
      ...record,
      ...(profile?.webhookUrl ? { messageUrl: profile.webhookUrl } : {}),
      ...(profile?.webhookFailoverUrl ? { messageFallbackUrl: profile.webhookFailoverUrl } : {}),
      ...(connection?.webhookUrl ? { voiceUrl: connection.webhookUrl } : {}),
      ...(connection?.webhookFailoverUrl
        ? { voiceFallbackUrl: connection.webhookFailoverUrl }
        : {}),
    };
  };
  const all = (): TelnyxNumberRecord[] => Array.from(records.values(), show);
  const move = (number: string, to: Partial<OwnRecord>): void => {
    const record = records.get(number);
    if (record !== undefined) records.set(number, { ...record, ...to });
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
    moveToProfile: (number, messagingProfileId) => move(number, { messagingProfileId }),
    moveToConnection: (number, connectionId) => move(number, { connectionId }),
    change(number, change) {
      const record = records.get(number);
      if (record === undefined) {
        throw new RangeError('the account has no such number; name it in `numbers` at the start');
      }
      const forTexts = toProfileChange(change);
      const forCalls = toConnectionChange(change);
      if (Object.keys(forTexts).length > 0) {
        const { id } = profiles.require(record.messagingProfileId);
        move(number, { messagingProfileId: id });
        profiles.change(id, forTexts);
      }
      if (Object.keys(forCalls).length > 0) {
        const { id } = connections.require(record.connectionId);
        move(number, { connectionId: id });
        connections.change(id, forCalls);
      }
    },
  };
}

function toProfileChange({
  messageUrl,
  messageFallbackUrl,
}: TelnyxNumberChange): Partial<ProfileSettings> {
  return {
    ...(messageUrl === undefined ? {} : { webhookUrl: messageUrl }),
    ...(messageFallbackUrl === undefined ? {} : { webhookFailoverUrl: messageFallbackUrl }),
  };
}

function toConnectionChange({
  voiceUrl,
  voiceFallbackUrl,
}: TelnyxNumberChange): Partial<ConnectionSettings> {
  return {
    ...(voiceUrl === undefined ? {} : { webhookUrl: voiceUrl }),
    ...(voiceFallbackUrl === undefined ? {} : { webhookFailoverUrl: voiceFallbackUrl }),
  };
}
