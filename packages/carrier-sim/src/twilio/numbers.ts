import { type Random, randomHex } from '../carrier/random-id.ts';
import type { TwilioNumberChange, TwilioNumberOptions } from './options.ts';

/** A number as the account has it. */
export type TwilioNumberRecord = Required<Pick<TwilioNumberOptions, 'number' | 'sid'>> &
  TwilioNumberChange & { readonly createdAt: Date; readonly updatedAt: Date };

/** The numbers of an account. */
export interface Numbers {
  readonly all: readonly TwilioNumberRecord[];
  get(number: string): TwilioNumberRecord | undefined;
  withSid(sid: string): TwilioNumberRecord | undefined;
  /** True when any number belongs to it. */
  hasService(sid: string): boolean;
  /** The number that a Messaging Service sends from. */
  senderOf(service: string): TwilioNumberRecord | undefined;
  /**
   * Changes what is given and leaves the rest.
   *
   * @throws {RangeError} when the account has no such number
   */
  change(number: string, change: TwilioNumberChange): void;
}

/** Takes over the configured numbers. */
export function createNumbers(
  configured: readonly TwilioNumberOptions[],
  { now, random }: { readonly now: () => number; readonly random: Random },
): Numbers {
  const createdAt = new Date(now());
  const records = new Map<string, TwilioNumberRecord>(
    configured.map((options) => {
      const sid = options.sid ?? `PN${randomHex(32, random)}`;
      return [options.number, { ...options, sid, createdAt, updatedAt: createdAt }];
    }),
  );
  const find = (fits: (record: TwilioNumberRecord) => boolean): TwilioNumberRecord | undefined =>
    [...records.values()].find(fits);
  return {
    get all() {
      return [...records.values()];
    },
    get: (number) => records.get(number),
    withSid: (sid) => find((record) => record.sid === sid),
    hasService: (sid) => find((record) => record.messagingServiceSid === sid) !== undefined,
    senderOf: (service) =>
      find((record) => record.messagingServiceSid === service && record.smsCapable !== false),
    change(number, change) {
      const record = records.get(number);
      if (record === undefined) {
        throw new RangeError('the account has no such number; name it in `numbers` at the start');
      }
      records.set(number, { ...record, ...change, updatedAt: new Date(now()) });
    },
  };
}
