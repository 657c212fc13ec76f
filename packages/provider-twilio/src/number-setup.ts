import {
  type CallOptions,
  type E164,
  type NumberSetup,
  redactAddress,
  type WebhookSettings,
} from '@openclaw/telephony-core';
import { refuse } from './errors.ts';
import { isRecord, type JsonRecord, textIn } from './json.ts';
import type { RestClient } from './rest-client.ts';

/** Reads and sets the webhooks of the account's numbers. */
export function createTwilioNumberSetup(rest: RestClient): NumberSetup {
  const find = async (number: E164, options?: CallOptions): Promise<NumberResource> => {
    const query = new URLSearchParams({ PhoneNumber: number });
    const page = await rest({ path: '/IncomingPhoneNumbers.json', query }, options);
    const { incoming_phone_numbers: list } = page;
    // Twilio's filter also finds numbers that only contain this one.
    const resource = (Array.isArray(list) ? list : [])
      .filter(isRecord)
      .find((candidate) => candidate['phone_number'] === number);
    const sid = resource === undefined ? undefined : textIn(resource, 'sid');
    if (resource === undefined || sid === undefined) {
      throw refuse(
        'not_found',
        `${redactAddress(number)} is not a number of this Twilio account and region`,
      );
    }
    return { sid, resource };
  };
  return {
    async inspect(number, options) {
      return settingsOf((await find(number, options)).resource);
    },
    async apply(number, wanted, options) {
      const { sid, resource } = await find(number, options);
      assertTakesEffect(number, wanted, resource);
      const form = toForm(wanted);
      if (form.size > 0) await rest({ path: `/IncomingPhoneNumbers/${sid}.json`, form }, options);
      return whereWanted(settingsOf(resource), wanted);
    },
  };
}

interface NumberResource {
  readonly sid: string;
  readonly resource: JsonRecord;
}

/** What Twilio would call. What an application or a trunk would call instead is not known here, and left out. */
function settingsOf(resource: JsonRecord): WebhookSettings {
  const ownsMessages = messageOwner(resource) === undefined;
  const ownsCalls = voiceOwner(resource) === undefined;
  const messageUrl = ownsMessages ? urlIn(resource, 'sms_url') : undefined;
  const voiceUrl = ownsCalls ? urlIn(resource, 'voice_url') : undefined;
  const callStatusUrl = ownsCalls ? urlIn(resource, 'status_callback') : undefined;
  return {
    ...(messageUrl === undefined ? {} : { messageUrl }),
    ...(voiceUrl === undefined ? {} : { voiceUrl }),
    ...(callStatusUrl === undefined ? {} : { callStatusUrl }),
  };
}

/** Only what was touched: putting back the rest as well would turn its method into POST. */
function whereWanted(before: WebhookSettings, wanted: WebhookSettings): WebhookSettings {
  const { messageUrl, voiceUrl, callStatusUrl } = before;
  return {
    ...(wanted.messageUrl === undefined || messageUrl === undefined ? {} : { messageUrl }),
    ...(wanted.voiceUrl === undefined || voiceUrl === undefined ? {} : { voiceUrl }),
    ...(wanted.callStatusUrl === undefined || callStatusUrl === undefined ? {} : { callStatusUrl }),
  };
}

/** `null` for none; `undefined` for something that is no URL. */
function urlIn(resource: JsonRecord, key: string): URL | null | undefined {
  const text = textIn(resource, key);
  return text === undefined ? null : (URL.parse(text) ?? undefined);
}

/** Twilio would accept the URL, and never call it. */
function assertTakesEffect(number: E164, wanted: WebhookSettings, resource: JsonRecord): void {
  const replaced = [
    wanted.messageUrl === undefined ? undefined : messageOwner(resource),
    wanted.voiceUrl === undefined && wanted.callStatusUrl === undefined
      ? undefined
      : voiceOwner(resource),
  ].find((owner) => owner !== undefined);
  if (replaced === undefined) return;
  throw refuse(
    'invalid_request',
    `${redactAddress(number)} is connected to ${replaced}, which makes Twilio ignore the number's own URL: ` +
      'disconnect it in the Twilio console, or set the URL there',
  );
}

function messageOwner(resource: JsonRecord): string | undefined {
  const application = textIn(resource, 'sms_application_sid');
  return application === undefined ? undefined : `the TwiML application ${application}`;
}

function voiceOwner(resource: JsonRecord): string | undefined {
  const application = textIn(resource, 'voice_application_sid');
  if (application !== undefined) return `the TwiML application ${application}`;
  const trunk = textIn(resource, 'trunk_sid');
  return trunk === undefined ? undefined : `the SIP trunk ${trunk}`;
}

function toForm({ messageUrl, voiceUrl, callStatusUrl }: WebhookSettings): URLSearchParams {
  const form = new URLSearchParams();
  const set = (name: string, method: string, url: URL | null | undefined): void => {
    if (url === undefined) return;
    // An empty value is how Twilio forgets one.
    form.append(name, url?.href ?? '');
    if (url !== null) form.append(method, 'POST');
  };
  set('SmsUrl', 'SmsMethod', messageUrl);
  set('VoiceUrl', 'VoiceMethod', voiceUrl);
  set('StatusCallback', 'StatusCallbackMethod', callStatusUrl);
  return form;
}
