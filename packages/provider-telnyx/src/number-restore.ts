import { isJsonObject, type JsonObject, type WebhookSettings } from '@openclaw/telephony-core';
import { refuse } from './errors.ts';

/** The webhook of a messaging profile, as Telnyx wrote it. */
export interface ProfileWebhook {
  readonly id: string;
  /** Not parsed: what is no URL must be put back as well. */
  readonly webhookUrl: string | null;
  /** `null` where Telnyx did not say; then there is nothing to put back. */
  readonly webhookApiVersion: string | null;
}

/** Everything that `apply` may change. */
export interface NumberState {
  /** The profile that the number is on. */
  readonly messagingProfileId: string | null;
  /** Of that profile; of the one that it would be put on when it is on none. */
  readonly profile: ProfileWebhook | null;
}

/** True for an id that can stand in a path. */
export const isPathSegment = (id: unknown): id is string =>
  typeof id === 'string' && /^[0-9A-Za-z-]+$/u.test(id);

/** Writes a state as the settings of the contract, with all that it takes to come back to it. */
export function toSettings({ messagingProfileId, profile }: NumberState): WebhookSettings {
  const restore = { messagingProfileId, profile: profile === null ? null : { ...profile } };
  const messageUrl = messageUrlOf({ messagingProfileId, profile });
  return messageUrl === undefined ? { restore } : { messageUrl, restore };
}

/** `undefined` for what is neither a URL nor nothing, and for a profile that was not looked at. */
function messageUrlOf({ messagingProfileId, profile }: NumberState): URL | null | undefined {
  if (messagingProfileId === null) return null;
  if (profile?.id !== messagingProfileId) return undefined;
  if ((profile.webhookUrl ?? '') === '') return null;
  return URL.parse(profile.webhookUrl ?? '') ?? undefined;
}

/**
 * Reads what {@link toSettings} wrote, perhaps after it was kept as JSON.
 *
 * @throws {TelephonyError} `invalid_request` for anything else
 */
export function readRestore(restore: JsonObject): NumberState {
  const { messagingProfileId = null, profile = null } = restore;
  if (messagingProfileId !== null && !isPathSegment(messagingProfileId)) throw notOurs();
  if (profile === null) return { messagingProfileId, profile };
  if (!isJsonObject(profile)) throw notOurs();
  const { id, webhookUrl, webhookApiVersion } = profile;
  if (!isPathSegment(id) || !isTextOrNull(webhookUrl) || !isTextOrNull(webhookApiVersion)) {
    throw notOurs();
  }
  return { messagingProfileId, profile: { id, webhookUrl, webhookApiVersion } };
}

const isTextOrNull = (value: unknown): value is string | null =>
  value === null || typeof value === 'string';

const notOurs = (): Error =>
  refuse(
    'invalid_request',
    '`restore` is not what inspect or apply of this provider returned: pass on theirs unchanged',
  );
