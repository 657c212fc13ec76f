import {
  type CallOptions,
  type E164,
  type NumberSetup,
  redactAddress,
  type WebhookSettings,
} from '@openclaw/telephony-core';
import { refuse } from './errors.ts';
import { recordsIn, textIn } from './json.ts';
import { dataOf, malformed, type RestClient } from './rest-client.ts';

/** What {@link createTelnyxNumberSetup} takes. */
export interface TelnyxNumberSetupOptions {
  readonly rest: RestClient;
  /** The profile that a number is put on when it has none. */
  readonly messagingProfileId: string | undefined;
}

/** Reads and sets the webhook of the messaging profile that a number is on: a number has none of its own. */
export function createTelnyxNumberSetup(options: TelnyxNumberSetupOptions): NumberSetup {
  const { rest, messagingProfileId } = options;

  const find = async (number: E164, callOptions?: CallOptions): Promise<FoundNumber> => {
    const query = new URLSearchParams({ 'filter[phone_number]': number });
    const path = '/phone_numbers/messaging';
    const list = recordsIn(await rest({ method: 'GET', path, query }, callOptions), 'data');
    const found = list.find((candidate) => candidate['phone_number'] === number);
    const id = found === undefined ? undefined : textIn(found, 'id');
    if (found === undefined || id === undefined) {
      throw refuse(
        'not_found',
        `${redactAddress(number)} is not a number of this Telnyx account, or not one for texts`,
      );
    }
    return { id: inPath(id), profileId: textIn(found, 'messaging_profile_id') };
  };

  const read = async (profileId: string, callOptions?: CallOptions): Promise<URL | null> => {
    const path = `/messaging_profiles/${inPath(profileId)}`;
    const profile = dataOf(await rest({ method: 'GET', path }, callOptions), false);
    return URL.parse(textIn(profile, 'webhook_url') ?? '');
  };

  return {
    async inspect(number, callOptions) {
      const { profileId } = await find(number, callOptions);
      return { messageUrl: profileId === undefined ? null : await read(profileId, callOptions) };
    },
    async apply(number, wanted, callOptions) {
      assertNothingOfCalls(wanted);
      const found = await find(number, callOptions);
      const profileId = found.profileId ?? messagingProfileId;
      const { messageUrl } = wanted;
      // The configured profile may serve other numbers: only what is to be set is a reason to touch it.
      if (found.profileId === undefined && (messageUrl ?? null) === null) {
        return { messageUrl: null };
      }
      if (profileId === undefined) {
        throw refuse(
          'invalid_request',
          `${redactAddress(number)} is on no messaging profile, which is what has the webhook: ` +
            'put it on one in Mission Control, or set messagingProfileId',
        );
      }
      const before = { messageUrl: await read(profileId, callOptions) };
      if (messageUrl === undefined) return before;
      await rest(
        {
          method: 'PATCH',
          path: `/messaging_profiles/${inPath(profileId)}`,
          json: toProfileChange(messageUrl),
        },
        callOptions,
      );
      if (found.profileId === undefined) {
        await rest(
          {
            method: 'PATCH',
            path: `/phone_numbers/${found.id}/messaging`,
            json: { messaging_profile_id: profileId },
          },
          callOptions,
        );
      }
      return before;
    },
  };
}

interface FoundNumber {
  readonly id: string;
  readonly profileId: string | undefined;
}

/** Other versions of the webhook have other fields and another signature, or none. */
function toProfileChange(webhookUrl: URL | null): { readonly [name: string]: string | null } {
  return webhookUrl === null
    ? { webhook_url: null }
    : { webhook_url: webhookUrl.href, webhook_api_version: '2' };
}

function assertNothingOfCalls({ voiceUrl, callStatusUrl }: WebhookSettings): void {
  if (voiceUrl === undefined && callStatusUrl === undefined) return;
  throw refuse(
    'unsupported',
    'only messageUrl can be set: the webhook of calls belongs to the call control application of the number, in Mission Control',
  );
}

function inPath(id: string): string {
  if (/^[0-9A-Za-z-]+$/u.test(id)) return id;
  throw malformed('a usable id', false);
}
