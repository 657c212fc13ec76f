import type { E164 } from './address.ts';
import type { CallOptions, JsonObject } from './provider.ts';

/** Where the carrier sends what happens on a number. `null`: nowhere. Absent: not known, or to be left as it is. */
export interface WebhookSettings {
  readonly messageUrl?: URL | null;
  readonly voiceUrl?: URL | null;
  readonly callStatusUrl?: URL | null;
  /** Which of them the carrier calls by GET; absent: none. What `apply` sets is called by POST. */
  readonly calledByGet?: readonly ('messageUrl' | 'voiceUrl' | 'callStatusUrl')[];
  /**
   * What a provider needs beside the URLs to put back exactly what it found: raw bytes of an address, a method, an
   * application. JSON, so that it can be kept; made by `inspect` and `apply`, and understood by `apply` of the same
   * provider alone, which then looks at nothing else.
   */
  readonly restore?: JsonObject;
}

/** Software points the carrier at us, instead of a person in a console. */
export interface NumberSetup {
  /** What the carrier would call today. Never throws on a number that has no webhook yet. */
  inspect(number: E164, options?: CallOptions): Promise<WebhookSettings>;
  /**
   * Sets what is not absent, and returns what was set before, with `restore`, so that it can be put back.
   *
   * @throws {TelephonyError} `not-performed` while nothing was changed, `unknown` once something may have been
   */
  apply(number: E164, wanted: WebhookSettings, options?: CallOptions): Promise<WebhookSettings>;
}
