import type { WebhookSettings } from '@openclaw/telephony-core';
import { type JsonRecord, textIn } from './json.ts';

/** What a number without an application has. */
export const nowhere = { messageUrl: null, voiceUrl: null, callStatusUrl: null } as const;

/** The fields of an application that are to be set; an empty URL removes it. */
export type ApplicationChange = { readonly [field: string]: string };

const fields = [
  ['messageUrl', 'message_url', 'message_method'],
  ['voiceUrl', 'answer_url', 'answer_method'],
  ['callStatusUrl', 'hangup_url', 'hangup_method'],
] as const;

/** What Plivo would call for numbers of this application. */
export function settingsOf(application: JsonRecord): Required<WebhookSettings> {
  const urlAt = (field: string): URL | null => URL.parse(textIn(application, field) ?? '');
  return {
    messageUrl: urlAt('message_url'),
    voiceUrl: urlAt('answer_url'),
    callStatusUrl: urlAt('hangup_url'),
  };
}

/** True where nothing is called. */
export function isNowhere(settings: WebhookSettings): boolean {
  return fields.every(([name]) => (settings[name] ?? null) === null);
}

/** What has to be written so that `wanted` holds; `undefined` when it holds already. */
export function changeOf(
  wanted: WebhookSettings,
  current: WebhookSettings,
): ApplicationChange | undefined {
  const change: Record<string, string> = {};
  for (const [name, url, method] of fields) {
    const value = wanted[name];
    if (value === undefined || value?.href === current[name]?.href) continue;
    change[url] = value?.href ?? '';
    if (value !== null) change[method] = 'POST';
  }
  return Object.keys(change).length === 0 ? undefined : change;
}
