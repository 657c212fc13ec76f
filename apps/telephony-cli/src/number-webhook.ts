import { type TelephonyConfig, webhookUrl } from '@openclaw/telephony-config';
import {
  type E164,
  isE164,
  type NumberSetup,
  type TelephonyProvider,
  type WebhookSettings,
} from '@openclaw/telephony-core';
import type { KeyValueStore } from '@openclaw/telephony-store';
import { CommandFailure, exitCode } from './exit-code.ts';

/** One number at its carrier, and the note of what was set there before we came. */
export interface NumberWebhook {
  readonly number: E164;
  /** What the carrier calls today. */
  inspect(): Promise<WebhookSettings>;
  /** What was there before the first set-up. */
  before(): Promise<WebhookSettings>;
  /** Sets it, and looks whether it is set. What was there at the first time stays known. */
  apply(now: WebhookSettings, wanted: WebhookSettings): Promise<void>;
  /** Puts back what was there before, and forgets it. */
  undo(before: WebhookSettings): Promise<void>;
}

/** What {@link createNumberWebhook} takes. */
export interface NumberWebhookOptions {
  readonly config: TelephonyConfig;
  readonly provider: TelephonyProvider;
  readonly store: { readonly keyValue: KeyValueStore };
}

/**
 * Makes the way to change where the carrier calls.
 *
 * @throws {CommandFailure} when the account has no number of its own, or its carrier none to set up
 */
export function createNumberWebhook(options: NumberWebhookOptions): NumberWebhook {
  const { keyValue } = options.store;
  const { number, setup } = target(options);
  const key = `setup/${options.provider.id}/${number}`;

  async function set(wanted: WebhookSettings): Promise<WebhookSettings> {
    const before = await setup.apply(number, wanted);
    if (!isSet(await setup.inspect(number), wanted)) {
      throw new CommandFailure(
        'the carrier took the change and shows something else; look at its console',
      );
    }
    return before;
  }
  return {
    number,
    inspect: () => setup.inspect(number),
    async before() {
      const entry = await keyValue.get(key);
      if (entry === undefined)
        throw new CommandFailure('there is nothing to undo: nothing was set up from here');
      return parseKept(JSON.parse(entry.value));
    },
    async apply(now, wanted) {
      // The first state that was found is the one to go back to, however often a set-up is repeated.
      const isFirst = (await keyValue.get(key)) === undefined;
      const keep = async (settings: WebhookSettings): Promise<void> => {
        const { calledByGet, restore } = settings;
        const kept = { ...printableSettings(settings), calledByGet, restore };
        if (isFirst) await keyValue.set(key, JSON.stringify(kept));
      };
      // What was there is written down first: a crash in between must not lose the way back.
      await keep(now);
      await keep(await set(wanted));
    },
    async undo(before) {
      await set(before);
      await keyValue.delete(key);
    },
  };
}

/**
 * Where the carrier is to call: for texts, and for calls when the account takes them.
 *
 * @throws {CommandFailure} without a public address
 */
export function ourSettings(config: TelephonyConfig): WebhookSettings {
  const messageUrl = webhookUrl(config);
  if (messageUrl === undefined) {
    throw new CommandFailure(
      'publicUrl is missing: the carrier must be told where to call',
      exitCode.usage,
    );
  }
  return { messageUrl, ...(config.voice.enabled ? { voiceUrl: messageUrl } : {}) };
}

/** Settings as text: `null` for nowhere. */
export function printableSettings({ messageUrl, voiceUrl }: WebhookSettings): {
  readonly messageUrl: string | null;
  readonly voiceUrl?: string | null;
} {
  return {
    messageUrl: messageUrl?.href ?? null,
    ...(voiceUrl === undefined ? {} : { voiceUrl: voiceUrl?.href ?? null }),
  };
}

/** Whether everything that is wanted is so already. */
export function isSet(now: WebhookSettings, wanted: WebhookSettings): boolean {
  const [is, ought] = [printableSettings(now), printableSettings(wanted)];
  if (!isCalledAs(now, wanted)) return false;
  return (
    is.messageUrl === ought.messageUrl &&
    (ought.voiceUrl === undefined || (is.voiceUrl ?? null) === ought.voiceUrl)
  );
}

/** Whether the carrier calls by the methods that are wanted: by POST, unless something is put back as it was. */
export function isCalledAs(now: WebhookSettings, wanted: WebhookSettings): boolean {
  // A note of an earlier version does not tell.
  if (wanted.restore !== undefined && wanted.calledByGet === undefined) return true;
  return (['messageUrl', 'voiceUrl'] as const).every(
    (name) => !(wanted[name] instanceof URL) || isByGet(now, name) === isByGet(wanted, name),
  );
}

const isByGet = ({ calledByGet = [] }: WebhookSettings, name: 'messageUrl' | 'voiceUrl'): boolean =>
  calledByGet.includes(name);

function target({ config, provider }: NumberWebhookOptions): {
  readonly number: E164;
  readonly setup: NumberSetup;
} {
  const { fromNumber } = config;
  if (fromNumber === undefined || !isE164(fromNumber)) {
    throw new CommandFailure(
      'fromNumber must be a number as +15550100100 for this',
      exitCode.usage,
    );
  }
  if (provider.numberSetup === undefined) {
    throw new CommandFailure(`${provider.id} has no numbers to set up`, exitCode.usage);
  }
  return { number: fromNumber, setup: provider.numberSetup };
}

const webhookNames = ['messageUrl', 'voiceUrl', 'callStatusUrl'] as const;

function parseKept(saved: unknown): WebhookSettings {
  if (typeof saved !== 'object' || saved === null) {
    throw new CommandFailure('what was there before can no longer be read');
  }
  const { messageUrl, voiceUrl, calledByGet, restore }: { readonly [name: string]: unknown } = {
    ...saved,
  };
  return {
    messageUrl: typeof messageUrl === 'string' ? new URL(messageUrl) : null,
    ...(voiceUrl === undefined
      ? {}
      : { voiceUrl: typeof voiceUrl === 'string' ? new URL(voiceUrl) : null }),
    ...(Array.isArray(calledByGet)
      ? { calledByGet: webhookNames.filter((name) => calledByGet.includes(name)) }
      : {}),
    ...(typeof restore === 'object' && restore !== null ? { restore: { ...restore } } : {}),
  };
}
