import { detectEncoding } from '@openclaw/sms-encoding';
import { isE164, isWebUrl } from '../carrier/address.ts';
import { type JsonObject, textIn, textsIn } from '../carrier/json-object.ts';
import { fromPlivoAddress } from './addresses.ts';
import { ApiError } from './api-reply.ts';
import type { PlivoContext } from './context.ts';
import { invalidRecipient } from './destinations.ts';

/** A message that the carrier would queue, once for each recipient. */
export interface Draft {
  readonly recipients: readonly string[];
  /** As they were given. */
  readonly invalidNumbers: readonly string[];
  readonly from: string;
  readonly powerpackUuid: string | undefined;
  readonly body: string;
  readonly mediaUrls: readonly string[];
  readonly type: 'sms' | 'mms';
  readonly statusCallback: string | undefined;
  readonly statusMethod: 'GET' | 'POST';
}

const maxMediaCount = 10;
const maxTextLength = { gsm7: 1_600, ucs2: 737 } as const;

/**
 * Refuses what the carrier would refuse, for the reason that it finds first.
 *
 * @throws {ApiError}
 */
export function checkRequest(context: PlivoContext, request: JsonObject): Draft {
  const { from, powerpackUuid } = readSender(context, request);
  const { recipients, invalidNumbers } = readRecipients(request);
  const content = readContent(request);
  const statusCallback = textIn(request, 'url');
  if (statusCallback !== undefined && !isWebUrl(statusCallback)) {
    throw new ApiError(400, 'url is not a valid URL');
  }
  const method = request['method'] ?? 'POST';
  if (method !== 'GET' && method !== 'POST') throw new ApiError(400, 'method is GET or POST');
  const expiry = request['message_expiry'];
  if (expiry !== undefined && !(Number(expiry) >= 5 && Number(expiry) <= 10_800)) {
    throw new ApiError(400, 'message_expiry is from 5 to 10800');
  }
  if (context.messages.full) throw new ApiError(429, 'the queue of messages is full');
  return {
    recipients,
    invalidNumbers,
    from,
    powerpackUuid,
    ...content,
    statusCallback,
    statusMethod: method,
  };
}

function readSender(
  { numbers }: PlivoContext,
  request: JsonObject,
): { readonly from: string; readonly powerpackUuid: string | undefined } {
  const src = textIn(request, 'src');
  const powerpackUuid = textIn(request, 'powerpack_uuid');
  if ((src === undefined) === (powerpackUuid === undefined)) {
    throw new ApiError(400, 'either src or powerpack_uuid is required, and not both');
  }
  if (src === undefined) {
    const [sender] = numbers.ofPowerpack(powerpackUuid ?? '');
    if (sender === undefined) throw new ApiError(400, 'powerpack_uuid is not of this account');
    return { from: sender.number, powerpackUuid };
  }
  const from = fromPlivoAddress(src);
  if (!isE164(from) && !/^(?:\d{3,6}|(?=.*[A-Za-z])[\w ]{1,11})$/u.test(from)) {
    throw new ApiError(400, 'src is not a number or a sender name');
  }
  return { from, powerpackUuid };
}

function readRecipients(request: JsonObject): Pick<Draft, 'recipients' | 'invalidNumbers'> {
  const dst = textIn(request, 'dst');
  if (dst === undefined) throw new ApiError(400, 'dst is required');
  const given = dst.split('<').map((part) => part.trim());
  return {
    recipients: [...new Set(given.filter(isRecipient).map(fromPlivoAddress))],
    invalidNumbers: given.filter((part) => !isRecipient(part)),
  };
}

function isRecipient(part: string): boolean {
  const address = fromPlivoAddress(part);
  return isE164(address) && address !== invalidRecipient;
}

function readContent(request: JsonObject): Pick<Draft, 'body' | 'mediaUrls' | 'type'> {
  const type = request['type'] ?? 'sms';
  if (type === 'whatsapp') throw new ApiError(501);
  if (type !== 'sms' && type !== 'mms') throw new ApiError(400, 'type is sms or mms');
  const body = textIn(request, 'text') ?? '';
  const mediaUrls = textsIn(request, 'media_urls');
  if (mediaUrls === undefined || !mediaUrls.every(isWebUrl)) {
    throw new ApiError(400, 'media_urls is not a list of URLs');
  }
  if (mediaUrls.length > maxMediaCount) {
    throw new ApiError(400, `media_urls has more than ${maxMediaCount} URLs`);
  }
  if (mediaUrls.length > 0 && type !== 'mms') throw new ApiError(400, 'media_urls needs type mms');
  if (body === '' && mediaUrls.length === 0) throw new ApiError(400, 'text is required');
  if (body.length > maxTextLength[detectEncoding(body)])
    throw new ApiError(400, 'text is too long');
  return { body, mediaUrls, type };
}
