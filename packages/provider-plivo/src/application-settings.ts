import { type JsonObject, textIn, type WebhookSettings } from '@openclaw/telephony-core';

/** What a number without an application has. */
export const nowhere = { messageUrl: null, voiceUrl: null, callStatusUrl: null } as const;

/** The fields of an application that are to be set; an empty URL removes it. */
export type ApplicationChange = { readonly [field: string]: string };

/** Our name of a webhook, and Plivo's of its URL and method. */
export const webhookFields = [
  ['messageUrl', 'message_url', 'message_method'],
  ['voiceUrl', 'answer_url', 'answer_method'],
  ['callStatusUrl', 'hangup_url', 'hangup_method'],
] as const;

/** What Plivo would call for numbers of this application; what stands there and is no URL is left out. */
export function settingsOf(application: JsonObject): WebhookSettings {
  const settings: Partial<Record<(typeof webhookFields)[number][0], URL | null>> = {};
  const calledByGet: (typeof webhookFields)[number][0][] = [];
  for (const [name, field, method] of webhookFields) {
    const text = textIn(application, field);
    const url = text === undefined ? null : (URL.parse(text) ?? undefined);
    if (url === undefined) continue;
    settings[name] = url;
    if (url !== null && textIn(application, method) === 'GET') calledByGet.push(name);
  }
  return { ...settings, ...(calledByGet.length === 0 ? {} : { calledByGet }) };
}

/** True where nothing is called any more once `wanted` holds. */
export function leavesNothing(wanted: WebhookSettings, application: JsonObject): boolean {
  return webhookFields.every(([name, field]) => {
    const value = wanted[name];
    return value === undefined ? textIn(application, field) === undefined : value === null;
  });
}

/** What has to be written so that `wanted` holds; `undefined` when it holds already. */
export function changeOf(
  wanted: WebhookSettings,
  application: JsonObject,
): ApplicationChange | undefined {
  const change: Record<string, string> = {};
  for (const [name, field, method] of webhookFields) {
    const value = wanted[name];
    if (value === undefined) continue;
    const current = textIn(application, field);
    if (value === null) {
      if (current !== undefined) change[field] = '';
    } else if (
      current === undefined ||
      URL.parse(current)?.href !== value.href ||
      textIn(application, method) === 'GET'
    ) {
      change[field] = value.href;
      change[method] = 'POST';
    }
  }
  return Object.keys(change).length === 0 ? undefined : change;
}

/** All that an application of ours is to have: what is not wanted is removed, whoever left it there. */
export function onlyThese(wanted: WebhookSettings): ApplicationChange {
  const change: Record<string, string> = {};
  for (const [name, field, method] of webhookFields) {
    const url = wanted[name] ?? null;
    change[field] = url?.href ?? '';
    if (url !== null) change[method] = 'POST';
  }
  return change;
}
