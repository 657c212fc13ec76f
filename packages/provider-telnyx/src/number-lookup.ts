import {
  type CallOptions,
  type E164,
  isJsonObject,
  objectsIn,
  redactAddress,
  textIn,
} from '@openclaw/telephony-core';
import { refuse } from './errors.ts';
import { isPathSegment, type ProfileWebhook } from './number-restore.ts';
import { dataOf, malformed, type RestClient } from './rest-client.ts';

/** A number of the account. */
export interface ListedNumber {
  readonly id: string;
  /** The messaging profile that it is on. */
  readonly profileId: string | undefined;
}

/** @throws {TelephonyError} `not_found` for a number of somebody else */
export async function findNumber(
  rest: RestClient,
  number: E164,
  callOptions: CallOptions | undefined,
): Promise<ListedNumber> {
  const query = new URLSearchParams({ 'filter[phone_number]': number });
  const path = '/phone_numbers/messaging';
  const list = objectsIn(await rest({ method: 'GET', path, query }, callOptions), 'data');
  const found = list.find((candidate) => candidate['phone_number'] === number);
  const id = found === undefined ? undefined : textIn(found, 'id');
  if (found === undefined || id === undefined) {
    throw refuse(
      'not_found',
      `${redactAddress(number)} is not a number of this Telnyx account, or not one for texts`,
    );
  }
  const profileId = textIn(found, 'messaging_profile_id');
  return { id: inPath(id), profileId: profileId === undefined ? undefined : inPath(profileId) };
}

/** Reads the webhook of a profile. */
export async function readProfile(
  rest: RestClient,
  id: string,
  callOptions: CallOptions | undefined,
): Promise<ProfileWebhook> {
  const body = await rest({ method: 'GET', path: `/messaging_profiles/${id}` }, callOptions);
  const { webhook_url: url, webhook_api_version: version } = dataOf(body, false);
  return {
    id,
    webhookUrl: typeof url === 'string' ? url : null,
    webhookApiVersion: typeof version === 'string' ? version : null,
  };
}

/** @throws {TelephonyError} `invalid_request` when other numbers are on the profile */
export async function assertUnshared(
  rest: RestClient,
  { number, profileId }: { readonly number: E164; readonly profileId: string },
  callOptions: CallOptions | undefined,
): Promise<void> {
  const path = `/messaging_profiles/${profileId}/phone_numbers`;
  // One beside ours is enough to know.
  const query = new URLSearchParams({ 'page[size]': '2' });
  const { data } = await rest({ method: 'GET', path, query }, callOptions);
  if (!Array.isArray(data)) throw malformed('the numbers of the profile', false);
  const isOurs = (other: unknown): boolean =>
    isJsonObject(other) && other['phone_number'] === number;
  if (data.every((other) => isOurs(other))) return;
  throw refuse(
    'invalid_request',
    `the messaging profile for ${redactAddress(number)} serves other numbers, whose webhook would change with it: ` +
      'put the number on a profile of its own in Mission Control, or set changesSharedProfiles',
  );
}

function inPath(id: string): string {
  if (isPathSegment(id)) return id;
  throw malformed('a usable id', false);
}
