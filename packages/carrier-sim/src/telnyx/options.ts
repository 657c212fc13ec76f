import type { DeliveryOutcome } from '../carrier/message.ts';
import type { CarrierSimOptions, NumberChange, NumberOptions } from '../carrier/options.ts';
import type { TelnyxMessageStatus, TelnyxSimMessage } from './message.ts';

/** A telephone number of the simulated account. Its webhooks are those of its messaging profile. */
export interface TelnyxNumberOptions extends NumberOptions {
  /** Identifies the number in `/v2/phone_numbers/{id}`; default: made up. */
  readonly id?: string;
  /** Sets the webhook of the number's profile. */
  readonly messageUrl?: string;
  /** Tried once all tries at `messageUrl` have failed; belongs to the profile too. */
  readonly messageFallbackUrl?: string;
  /** Sets the webhook of the number's Call Control application: told of calls, and expected to give commands. */
  readonly voiceUrl?: string;
  /** Tried once all tries at `voiceUrl` have failed; belongs to the application too. */
  readonly voiceFallbackUrl?: string;
  /** A Call Control application; default: one of its own. `null`: on none. */
  readonly connectionId?: string | null;
  /** A UUID; default: a profile of its own. `null`: on none, as a number is after it was bought. */
  readonly messagingProfileId?: string | null;
}

/** What can be changed later: the webhooks of the number's profile and application, and so of all numbers on them. */
export interface TelnyxNumberChange extends NumberChange {
  readonly messageFallbackUrl?: string;
  readonly voiceFallbackUrl?: string;
}

/** What {@link startTelnyxSim} takes. */
export interface TelnyxSimOptions extends CarrierSimOptions {
  /** The one that `Authorization: Bearer` must have. */
  readonly apiKey: string;
  /** Signs the webhooks: base64 of the 32-byte seed of an Ed25519 key. Default: made up with `random`. */
  readonly privateKey?: string;
  readonly numbers: readonly TelnyxNumberOptions[];
  /** Decides what becomes of a message; `undefined` leaves it to the recipient's number. */
  outcome?(message: TelnyxSimMessage): DeliveryOutcome<TelnyxMessageStatus> | undefined;
  /** Messages and other records that are kept; default 100,000. When it is reached, sending fails with 40318. */
  readonly maxRecordCount?: number;
}
