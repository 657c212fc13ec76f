import { detectEncoding } from '@openclaw/sms-encoding';
import { isE164, isWebUrl } from '../carrier/address.ts';
import { type JsonObject, textIn, textsIn } from '../carrier/json-object.ts';
import { measure } from '../carrier/segments.ts';
import { ApiError } from './api-reply.ts';
import type { TelnyxContext } from './context.ts';
import { refusalOfRecipient } from './destinations.ts';

/** A message that the carrier would send. */
export interface Draft {
  readonly to: string;
  readonly from: string;
  readonly messagingProfileId: string;
  readonly body: string;
  readonly mediaUrls: readonly string[];
}

const maxPartCount = 10;
const maxMediaCount = 10;

/**
 * Refuses what the carrier would refuse, for the reason that it finds first.
 *
 * @throws {ApiError}
 */
export function checkRequest(context: TelnyxContext, request: JsonObject): Draft {
  if (textIn(request, 'send_at') !== undefined) throw new ApiError(10_099, 'send_at', '/send_at');
  const to = readRecipient(request);
  const { body, mediaUrls } = readContent(request);
  for (const name of ['webhook_url', 'webhook_failover_url']) {
    const url = textIn(request, name);
    if (url !== undefined && (url.length > 2_000 || !isWebUrl(url))) {
      throw new ApiError(10_003, name, `/${name}`);
    }
  }
  const { from, messagingProfileId } = readSender(context, request);
  if (context.optOuts.has(messagingProfileId, to)) throw new ApiError(40_300, to, '/to');
  if (context.messages.full) throw new ApiError(40_318);
  return { to, from, messagingProfileId, body, mediaUrls };
}

function readRecipient(request: JsonObject): string {
  const to = request['to'];
  if (to === undefined || to === null || to === '') throw new ApiError(10_004, 'to', '/to');
  if (typeof to !== 'string') throw new ApiError(40_310, 'that is no string', '/to');
  if (!isE164(to)) throw new ApiError(40_310, to, '/to');
  const refusal = refusalOfRecipient(to);
  if (refusal !== undefined) throw new ApiError(refusal, to, '/to');
  return to;
}

function readContent(request: JsonObject): Pick<Draft, 'body' | 'mediaUrls'> {
  const body = textIn(request, 'text') ?? '';
  const mediaUrls = textsIn(request, 'media_urls');
  if (mediaUrls === undefined) {
    throw new ApiError(40_308, 'they are no list of strings', '/media_urls');
  }
  if (body === '' && mediaUrls.length === 0) throw new ApiError(40_316, '', '/text');
  if (mediaUrls.length > maxMediaCount) {
    throw new ApiError(40_308, `more than ${maxMediaCount}`, '/media_urls');
  }
  if (!mediaUrls.every(isWebUrl)) throw new ApiError(10_003, 'media_urls', '/media_urls');
  if (mediaUrls.length === 0 && measure(body).numSegments > maxPartCount) {
    throw new ApiError(40_302, '', '/text');
  }
  if (request['encoding'] === 'gsm7' && detectEncoding(body) !== 'gsm7') {
    throw new ApiError(10_015, 'the text is not GSM-7', '/encoding');
  }
  return { body, mediaUrls };
}

function readSender(
  { numbers, profiles }: TelnyxContext,
  request: JsonObject,
): Pick<Draft, 'from' | 'messagingProfileId'> {
  const from = textIn(request, 'from');
  const wanted = textIn(request, 'messaging_profile_id');
  if (wanted !== undefined && profiles.get(wanted) === undefined) {
    throw new ApiError(10_017, 'messaging profile', '/messaging_profile_id');
  }
  if (from === undefined) {
    if (wanted === undefined) throw new ApiError(10_004, 'from', '/from');
    const [sender] = numbers.onProfile(wanted);
    if (sender === undefined) throw new ApiError(40_305, 'of the pool', '/messaging_profile_id');
    return { from: sender.number, messagingProfileId: wanted };
  }
  if (/^(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}$/u.test(from)) {
    if (wanted === undefined) throw new ApiError(40_306, from, '/from');
    return { from, messagingProfileId: wanted };
  }
  const profileId = numbers.get(from)?.messagingProfileId;
  if (profileId === undefined || (wanted !== undefined && wanted !== profileId)) {
    throw new ApiError(40_305, from, '/from');
  }
  return { from, messagingProfileId: profileId };
}
