import { isWebUrl } from '../carrier/address.ts';
import type { JsonObject } from '../carrier/json-object.ts';
import type { LoopbackReply } from '../carrier/loopback-server.ts';
import { ApiError, dataReply, listReply } from './api-reply.ts';
import type { TelnyxContext } from './context.ts';
import { numberMessaging } from './number-endpoints.ts';
import type { MessagingProfile, ProfileSettings } from './profiles.ts';

function profileResource(
  { organizationId }: TelnyxContext,
  profile: MessagingProfile,
): Readonly<Record<string, unknown>> {
  return {
    record_type: 'messaging_profile',
    id: profile.id,
    organization_id: organizationId,
    name: profile.name,
    enabled: true,
    webhook_url: profile.webhookUrl || null,
    webhook_failover_url: profile.webhookFailoverUrl || null,
    webhook_api_version: profile.webhookApiVersion,
    whitelisted_destinations: ['US'],
    number_pool_settings: null,
    url_shortener_settings: null,
    alpha_sender: null,
    mms_fall_back_to_sms: false,
    mms_transcoding: false,
    mobile_only: false,
    smart_encoding: false,
    created_at: profile.createdAt.toISOString(),
    updated_at: profile.updatedAt.toISOString(),
  };
}

/** `GET /v2/messaging_profiles` */
export function listProfiles(context: TelnyxContext, query: URLSearchParams): LoopbackReply {
  const profiles = context.profiles.all.map((profile) => profileResource(context, profile));
  return listReply(profiles, query);
}

/** `GET /v2/messaging_profiles/{id}` */
export function readProfile(context: TelnyxContext, id: string): LoopbackReply {
  return dataReply(profileResource(context, findProfile(context, id)));
}

/** `PATCH /v2/messaging_profiles/{id}`: sets webhooks. */
export function changeProfile(
  context: TelnyxContext,
  id: string,
  request: JsonObject,
): LoopbackReply {
  findProfile(context, id);
  context.profiles.change(id, readChange(request));
  return readProfile(context, id);
}

/** `POST /v2/messaging_profiles` */
export function createProfile(context: TelnyxContext, request: JsonObject): LoopbackReply {
  if (typeof request['name'] !== 'string') throw new ApiError(10_004, 'name', '/name');
  const change = readChange(request);
  const { id } = context.profiles.require(undefined);
  context.profiles.change(id, change);
  return readProfile(context, id);
}

/** `GET /v2/messaging_profiles/{id}/phone_numbers` */
export function listProfileNumbers(
  context: TelnyxContext,
  id: string,
  query: URLSearchParams,
): LoopbackReply {
  findProfile(context, id);
  const numbers = context.numbers.onProfile(id);
  return listReply(
    numbers.map((record) => numberMessaging(context, record)),
    query,
  );
}

function findProfile({ profiles }: TelnyxContext, id: string): MessagingProfile {
  const profile = profiles.get(id);
  if (profile === undefined) throw new ApiError(10_005, id);
  return profile;
}

function readChange(request: JsonObject): Partial<ProfileSettings> {
  const { name } = request;
  const version = readVersion(request['webhook_api_version']);
  const webhookUrl = readUrl(request, 'webhook_url');
  const webhookFailoverUrl = readUrl(request, 'webhook_failover_url');
  return {
    ...(typeof name === 'string' ? { name } : {}),
    ...(version === undefined ? {} : { webhookApiVersion: version }),
    ...(webhookUrl === undefined ? {} : { webhookUrl }),
    ...(webhookFailoverUrl === undefined ? {} : { webhookFailoverUrl }),
  };
}

function readVersion(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const version = ['1', '2', '2010-04-01'].find((known) => known === value);
  if (version !== undefined) return version;
  throw new ApiError(10_015, 'webhook_api_version', '/webhook_api_version');
}

/** `null` and an empty string take a URL away. */
function readUrl(request: JsonObject, name: string): string | undefined {
  const value = request[name];
  if (value === undefined) return undefined;
  if (value === null || value === '') return '';
  if (typeof value === 'string' && isWebUrl(value)) return value;
  throw new ApiError(10_003, name, `/${name}`);
}
