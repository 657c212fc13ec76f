import { type JsonObject, textIn, type WebhookSettings } from '@openclaw/telephony-core';
import { refuse } from './errors.ts';
import { withoutRetries, withRetries } from './retries.ts';

/** One webhook of a number: the contract's name for it, and Twilio's in a resource and in a form. */
interface NumberWebhook {
  readonly setting: 'messageUrl' | 'voiceUrl' | 'callStatusUrl';
  readonly url: readonly [field: string, parameter: string];
  readonly method: readonly [field: string, parameter: string];
  /** What Twilio would call instead of it; `undefined` for nothing. */
  readonly owner: (resource: JsonObject) => string | undefined;
}

const numberWebhooks: readonly NumberWebhook[] = [
  {
    setting: 'messageUrl',
    url: ['sms_url', 'SmsUrl'],
    method: ['sms_method', 'SmsMethod'],
    owner: messageOwner,
  },
  {
    setting: 'voiceUrl',
    url: ['voice_url', 'VoiceUrl'],
    method: ['voice_method', 'VoiceMethod'],
    owner: voiceOwner,
  },
  {
    setting: 'callStatusUrl',
    url: ['status_callback', 'StatusCallback'],
    method: ['status_callback_method', 'StatusCallbackMethod'],
    owner: voiceOwner,
  },
];

const restorable: ReadonlySet<string> = new Set(
  numberWebhooks.flatMap(({ url, method }) => [url[1], method[1]]),
);

/**
 * What Twilio would call, of those webhooks that the form touches (default: all). What an application or a trunk would
 * call instead is not known here, and left out; what is no URL is in `restore` alone.
 */
export function settingsOf(resource: JsonObject, touched?: URLSearchParams): WebhookSettings {
  const settings: Partial<Record<NumberWebhook['setting'], URL | null>> = {};
  const restore: Record<string, string> = {};
  const calledByGet: NumberWebhook['setting'][] = [];
  for (const { setting, url, method, owner } of numberWebhooks) {
    if (owner(resource) !== undefined) continue;
    if (touched !== undefined && !touched.has(url[1]) && !touched.has(method[1])) continue;
    const text = textIn(resource, url[0]);
    const parsed = text === undefined ? null : URL.parse(text);
    if (text === undefined || parsed !== null) {
      settings[setting] = parsed && withoutRetries(parsed);
    }
    restore[url[1]] = text ?? '';
    const verb = textIn(resource, method[0]);
    if (verb !== undefined) restore[method[1]] = verb;
    if (parsed !== null && verb === 'GET') calledByGet.push(setting);
  }
  return {
    ...settings,
    ...(calledByGet.length === 0 ? {} : { calledByGet }),
    ...(Object.keys(restore).length === 0 ? {} : { restore }),
  };
}

/** The form that makes a number as it is wanted; with `restore`, that and nothing else. */
export function toForm(wanted: WebhookSettings): URLSearchParams {
  if (wanted.restore !== undefined) return fromRestore(wanted.restore);
  const form = new URLSearchParams();
  for (const { setting, url, method } of numberWebhooks) {
    const value = wanted[setting];
    if (value === undefined) continue;
    // An empty value is how Twilio forgets one.
    form.append(url[1], value === null ? '' : withRetries(value).href);
    if (value !== null) form.append(method[1], 'POST');
  }
  return form;
}

/** It was kept somewhere in between: nothing but webhooks may come back. */
function fromRestore(restore: JsonObject): URLSearchParams {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(restore)) {
    if (!restorable.has(name) || typeof value !== 'string') {
      throw refuse(
        'invalid_request',
        '`restore` was not made by this provider: pass it on as `inspect` or `apply` returned it',
      );
    }
    form.append(name, value);
  }
  return form;
}

/** What makes Twilio accept the form, and ignore it. */
export function ownerOf(form: URLSearchParams, resource: JsonObject): string | undefined {
  return numberWebhooks
    .filter(({ url, method }) => form.has(url[1]) || form.has(method[1]))
    .map(({ owner }) => owner(resource))
    .find((owner) => owner !== undefined);
}

function messageOwner(resource: JsonObject): string | undefined {
  const application = textIn(resource, 'sms_application_sid');
  return application === undefined ? undefined : `the TwiML application ${application}`;
}

function voiceOwner(resource: JsonObject): string | undefined {
  const application = textIn(resource, 'voice_application_sid');
  if (application !== undefined) return `the TwiML application ${application}`;
  const trunk = textIn(resource, 'trunk_sid');
  return trunk === undefined ? undefined : `the SIP trunk ${trunk}`;
}
