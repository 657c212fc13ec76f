import type { E164 } from './address.ts';
import type { CallOptions } from './provider.ts';

/** Where the carrier sends what happens on a number. `null`: nowhere. Absent: not known, or to be left as it is. */
export interface WebhookSettings {
  readonly messageUrl?: URL | null;
  readonly voiceUrl?: URL | null;
  readonly callStatusUrl?: URL | null;
}

/** Software points the carrier at us, instead of a person in a console. */
export interface NumberSetup {
  /** What the carrier would call today. Never throws on a number that has no webhook yet. */
  inspect(number: E164, options?: CallOptions): Promise<WebhookSettings>;
  /** Sets what is not absent, and returns what was set before, so that it can be put back. */
  apply(number: E164, wanted: WebhookSettings, options?: CallOptions): Promise<WebhookSettings>;
}
