import type { Applications, ApplicationSettings } from './applications.ts';
import { fromPlivoAddress } from './addresses.ts';
import type { PlivoNumberChange, PlivoNumberOptions } from './options.ts';

/** A number as the account has it, with the webhook of its application. */
export interface PlivoNumberRecord extends PlivoNumberChange {
  readonly number: string;
  /** Undefined: none. */
  readonly appId: string | undefined;
  readonly powerpackUuid: string | undefined;
  readonly subaccount: string | undefined;
  readonly createdAt: Date;
}

type OwnRecord = Omit<PlivoNumberRecord, keyof PlivoNumberChange>;

/** The numbers of an account. */
export interface PlivoNumbers {
  readonly all: readonly PlivoNumberRecord[];
  /** With or without the plus sign. */
  get(number: string): PlivoNumberRecord | undefined;
  ofPowerpack(powerpackUuid: string): readonly PlivoNumberRecord[];
  moveToApplication(number: string, appId: string | undefined): void;
  /**
   * Changes the application of a number; one that is on none gets one of its own.
   *
   * @throws {RangeError} when the account has no such number
   */
  change(number: string, change: PlivoNumberChange): void;
}

/** Takes over the configured numbers, and makes the applications that they are on. */
export function createPlivoNumbers(
  configured: readonly PlivoNumberOptions[],
  { applications, now }: { readonly applications: Applications; readonly now: () => number },
): PlivoNumbers {
  const createdAt = new Date(now());
  const records = new Map<string, OwnRecord>();
  for (const { number, appId, powerpackUuid, subaccount, ...webhook } of configured) {
    const application = appId === null ? undefined : applications.require(appId);
    const record = { number, appId: application?.id, powerpackUuid, subaccount, createdAt };
    records.set(number, record);
    if (application !== undefined) applications.change(application.id, toSettings(webhook));
  }
  const show = (record: OwnRecord): PlivoNumberRecord => {
    const application = applications.get(record.appId);
    if (application === undefined) return record;
    const { messageUrl, messageMethod, answerUrl, answerMethod, hangupUrl } = application;
    const { fallbackAnswerUrl } = application;
    return {
      ...record,
      ...(messageUrl === '' ? {} : { messageUrl, messageMethod }),
      ...(answerUrl === '' ? {} : { voiceUrl: answerUrl, voiceMethod: answerMethod }),
      ...(hangupUrl === '' ? {} : { hangupUrl }),
      ...(fallbackAnswerUrl === '' ? {} : { voiceFallbackUrl: fallbackAnswerUrl }),
    };
  };
  const all = (): PlivoNumberRecord[] => Array.from(records.values(), show);
  const move = (number: string, appId: string | undefined): void => {
    const record = records.get(number);
    if (record !== undefined) records.set(number, { ...record, appId });
  };
  return {
    get all() {
      return all();
    },
    get(number) {
      const record = records.get(number) ?? records.get(fromPlivoAddress(number));
      return record === undefined ? undefined : show(record);
    },
    ofPowerpack: (uuid) => all().filter(({ powerpackUuid }) => powerpackUuid === uuid),
    moveToApplication: move,
    change(number, change) {
      const record = records.get(number);
      if (record === undefined) {
        throw new RangeError('the account has no such number; name it in `numbers` at the start');
      }
      const { id } = applications.require(record.appId);
      move(number, id);
      applications.change(id, toSettings(change));
    },
  };
}

function toSettings({
  messageUrl,
  messageMethod,
  voiceUrl,
  voiceMethod,
  hangupUrl,
  voiceFallbackUrl,
}: PlivoNumberChange): Partial<ApplicationSettings> {
  return {
    ...(messageUrl === undefined ? {} : { messageUrl }),
    ...(messageMethod === undefined ? {} : { messageMethod }),
    ...(voiceUrl === undefined ? {} : { answerUrl: voiceUrl }),
    ...(voiceMethod === undefined ? {} : { answerMethod: voiceMethod }),
    ...(hangupUrl === undefined ? {} : { hangupUrl }),
    ...(voiceFallbackUrl === undefined ? {} : { fallbackAnswerUrl: voiceFallbackUrl }),
  };
}
