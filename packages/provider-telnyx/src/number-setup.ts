import {
  type CallOptions,
  type E164,
  type JsonObject,
  type NumberSetup,
  redactAddress,
  TelephonyError,
  type WebhookSettings,
} from '@openclaw/telephony-core';
import { refuse } from './errors.ts';
import { assertUnshared, findNumber, readProfile } from './number-lookup.ts';
import {
  type NumberState,
  type ProfileWebhook,
  readRestore,
  toSettings,
} from './number-restore.ts';
import { writeInTurn } from './number-writes.ts';
import type { RestClient, RestRequest } from './rest-client.ts';

interface FoundNumber {
  readonly id: string;
  readonly state: NumberState;
}

/** What {@link createTelnyxNumberSetup} takes. */
export interface TelnyxNumberSetupOptions {
  readonly rest: RestClient;
  /** The profile that a number is put on when it has none. */
  readonly messagingProfileId: string | undefined;
  /** Whether a profile may be changed that serves other numbers too. */
  readonly changesSharedProfiles: boolean;
}

/** Reads and sets the webhook of the messaging profile that a number is on: a number has none of its own. */
export function createTelnyxNumberSetup(options: TelnyxNumberSetupOptions): NumberSetup {
  const { rest, messagingProfileId, changesSharedProfiles } = options;

  /** The number, and the given profile; by default its own, or else the configured one. */
  const look = async (
    number: E164,
    profileId: string | undefined,
    callOptions: CallOptions | undefined,
  ): Promise<FoundNumber> => {
    const found = await findNumber(rest, number, callOptions);
    const id = profileId ?? found.profileId ?? messagingProfileId;
    const profile =
      id === undefined
        ? null
        : await readProfile(rest, id, callOptions).catch((error: unknown) => {
            // A number without a profile has no webhook, whatever is configured.
            if (found.profileId === undefined && isNotFound(error)) return null;
            throw error;
          });
    return { id: found.id, state: { messagingProfileId: found.profileId ?? null, profile } };
  };

  return {
    async inspect(number, callOptions) {
      return toSettings((await look(number, undefined, callOptions)).state);
    },
    async apply(number, wanted, callOptions) {
      const restored = wanted.restore === undefined ? undefined : readRestore(wanted.restore);
      if (restored === undefined) assertNothingOfCalls(wanted);
      const found = await look(number, restored?.profile?.id, callOptions);
      const { state } = found;
      const goal = restored ?? goalOf(number, state, wanted.messageUrl);
      const change = changeBetween(state.profile, goal.profile);
      if (change !== undefined && !changesSharedProfiles) {
        await assertUnshared(rest, { number, profileId: change.id }, callOptions);
      }
      const writes: RestRequest[] = [];
      if (goal.messagingProfileId !== state.messagingProfileId) {
        // First, so that no profile is changed for a number that cannot be put on it.
        writes.push({
          method: 'PATCH',
          path: `/phone_numbers/${found.id}/messaging`,
          // Telnyx takes null for "as it is".
          json: { messaging_profile_id: goal.messagingProfileId ?? '' },
        });
      }
      if (change !== undefined) {
        const path = `/messaging_profiles/${change.id}`;
        writes.push({ method: 'PATCH', path, json: change.json });
      }
      await writeInTurn(rest, writes, callOptions);
      return toSettings(state);
    },
  };
}

/** The state that is asked for, which is the present one in all that is not asked for. */
function goalOf(
  number: E164,
  state: NumberState,
  messageUrl: WebhookSettings['messageUrl'],
): NumberState {
  const { messagingProfileId, profile } = state;
  // The configured profile may serve other numbers: only what is to be set is a reason to touch it.
  const isDone = messagingProfileId === null && messageUrl === null;
  if (messageUrl === undefined || isDone) return state;
  if (profile === null) {
    throw refuse(
      'invalid_request',
      `${redactAddress(number)} is on no messaging profile, which is what has the webhook: ` +
        'put it on one in Mission Control, or set messagingProfileId to one of this account',
    );
  }
  const { id } = profile;
  const isThere = URL.parse(profile.webhookUrl ?? '')?.href === messageUrl?.href;
  // Other versions of the webhook have other fields and another signature, or none.
  const webhook =
    messageUrl === null
      ? { webhookUrl: null, webhookApiVersion: null }
      : { webhookUrl: isThere ? profile.webhookUrl : messageUrl.href, webhookApiVersion: '2' };
  return { messagingProfileId: id, profile: { id, ...webhook } };
}

/** What must be written to a profile; `undefined` for nothing. */
function changeBetween(
  before: ProfileWebhook | null,
  goal: ProfileWebhook | null,
): { readonly id: string; readonly json: JsonObject } | undefined {
  if (before === null || goal === null) return undefined;
  const { webhookUrl, webhookApiVersion } = goal;
  const json = {
    ...((before.webhookUrl ?? '') === (webhookUrl ?? '') ? {} : { webhook_url: webhookUrl }),
    ...(webhookApiVersion === null || before.webhookApiVersion === webhookApiVersion
      ? {}
      : { webhook_api_version: webhookApiVersion }),
  };
  return Object.keys(json).length === 0 ? undefined : { id: goal.id, json };
}

function assertNothingOfCalls({ voiceUrl, callStatusUrl }: WebhookSettings): void {
  if (voiceUrl === undefined && callStatusUrl === undefined) return;
  throw refuse(
    'unsupported',
    'only messageUrl can be set: the webhook of calls belongs to the call control application of the number, in Mission Control',
  );
}

const isNotFound = (error: unknown): boolean =>
  TelephonyError.isInstance(error) && error.code === 'not_found';
