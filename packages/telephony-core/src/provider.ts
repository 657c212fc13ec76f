import type { MessagingProvider } from './messaging.ts';
import type { NumberSetup } from './number-setup.ts';
import type { VoiceProvider } from './voice.ts';
import type { WebhookReceiver } from './webhook.ts';

/** An object as JSON has it. */
export type JsonObject = { readonly [key: string]: unknown };

/** What every call to a carrier takes. */
export interface CallOptions {
  readonly signal?: AbortSignal;
}

/** The message went out, but not quite as asked. */
export interface ProviderWarning {
  readonly type: 'unsupported' | 'adjusted';
  readonly feature: string;
  readonly detail?: string;
}

/**
 * One carrier. What it cannot do is absent: there is no method that throws "not supported".
 *
 * @example
 * if (provider.messaging === undefined) console.error(`${provider.id} cannot send texts`);
 */
export interface TelephonyProvider {
  /** A breaking change adds `'v2'` beside it, and never edits this. */
  readonly specVersion: 'v1';
  /** An open string: a third party's provider needs no change here. */
  readonly id: string;
  readonly webhooks: WebhookReceiver;
  readonly messaging?: MessagingProvider;
  readonly voice?: VoiceProvider;
  /** Points the carrier's number at our webhook, and reads it back. */
  readonly numberSetup?: NumberSetup;
}
