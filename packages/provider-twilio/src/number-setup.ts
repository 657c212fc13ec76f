import {
  type CallOptions,
  type E164,
  isJsonObject,
  type JsonObject,
  type NumberSetup,
  redactAddress,
  TelephonyError,
  textIn,
} from '@openclaw/telephony-core';
import { refuse } from './errors.ts';
import { ownerOf, settingsOf, toForm } from './number-webhooks.ts';
import type { RestClient } from './rest-client.ts';

/** What {@link createTwilioNumberSetup} takes. */
export interface TwilioNumberSetupOptions {
  readonly rest: RestClient;
  /** The messaging service that the account's numbers belong to, and the host that knows it. */
  readonly service: { readonly sid: string; readonly root: string } | undefined;
}

/** Reads and sets the webhooks of the account's numbers. */
export function createTwilioNumberSetup({ rest, service }: TwilioNumberSetupOptions): NumberSetup {
  const find = async (number: E164, options?: CallOptions): Promise<NumberResource> => {
    const query = new URLSearchParams({ PhoneNumber: number });
    const page = await rest({ path: '/IncomingPhoneNumbers.json', query }, options);
    const { incoming_phone_numbers: list } = page;
    // Twilio's filter also finds numbers that only contain this one.
    const resource = (Array.isArray(list) ? list : [])
      .filter(isJsonObject)
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

  /** Refuses where the service has a URL of its own, and the number is in the service. */
  const assertServiceDefers = async (numberSid: string, options?: CallOptions): Promise<void> => {
    if (service === undefined) return;
    const { root } = service;
    const path = `/v1/Services/${service.sid}`;
    const settings = await ifReadable(rest({ root, path }, options));
    if (settings === undefined || textIn(settings, 'inbound_request_url') === undefined) return;
    if (settings['use_inbound_webhook_on_number'] !== false) return;
    const member = await ifReadable(
      rest({ root, path: `${path}/PhoneNumbers/${numberSid}` }, options),
    );
    if (member === undefined) return;
    throw refuse(
      'invalid_request',
      `the messaging service ${service.sid} has an inbound URL of its own, which makes Twilio ignore the number's: ` +
        'let it defer to the sender’s webhook in the Twilio console, or set the URL there',
    );
  };

  return {
    async inspect(number, options) {
      return settingsOf((await find(number, options)).resource);
    },
    async apply(number, wanted, options) {
      const form = toForm(wanted);
      const { sid, resource } = await find(number, options);
      assertTakesEffect(number, form, resource);
      // What was there before is put back even where the service ignores it.
      const setsMessageUrl = wanted.restore === undefined && wanted.messageUrl instanceof URL;
      if (setsMessageUrl) await assertServiceDefers(sid, options);
      if (form.size > 0) await rest({ path: `/IncomingPhoneNumbers/${sid}.json`, form }, options);
      // Only what was touched: the rest may have changed by the time that this is put back.
      return settingsOf(resource, form);
    },
  };
}

interface NumberResource {
  readonly sid: string;
  readonly resource: JsonObject;
}

/** Twilio would accept the URL, and never call it. */
function assertTakesEffect(number: E164, form: URLSearchParams, resource: JsonObject): void {
  const owner = ownerOf(form, resource);
  if (owner === undefined) return;
  throw refuse(
    'invalid_request',
    `${redactAddress(number)} is connected to ${owner}, which makes Twilio ignore the number's own URL: ` +
      'disconnect it in the Twilio console, or set the URL there',
  );
}

/** A key that may not read services, or a stand-in without them, must not keep a number from being set up. */
async function ifReadable(answer: Promise<JsonObject>): Promise<JsonObject | undefined> {
  try {
    return await answer;
  } catch (error) {
    const isUnreadable =
      TelephonyError.isInstance(error) &&
      (error.code === 'not_found' ||
        error.code === 'permission_denied' ||
        error.code === 'auth_failed');
    if (isUnreadable) return undefined;
    throw error;
  }
}
