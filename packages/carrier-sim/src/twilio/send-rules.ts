import { isWebUrl } from '../carrier/address.ts';
import { ApiError } from './api-reply.ts';
import type { SimContext } from './context.ts';
import { magicSender, refusalOfRecipient, refusalOfSender } from './destinations.ts';

/** A message that the API is asked to send. */
export interface Draft {
  readonly direction: 'outbound-api' | 'outbound-reply';
  readonly to: string;
  readonly from: string | undefined;
  readonly messagingServiceSid: string | undefined;
  readonly body: string | undefined;
  readonly mediaUrls: readonly string[];
  readonly statusCallback: string | undefined;
  readonly parameters: URLSearchParams;
}

const maxTextLength = 1_600;
const maxMediaCount = 10;
const notSimulated = ['ContentSid', 'ContentVariables', 'SendAt', 'ScheduleType'];

/** Reads the form that creates a message. */
export function readDraft(parameters: URLSearchParams): Draft {
  const text = (name: string): string | undefined => parameters.get(name) ?? undefined;
  return {
    direction: 'outbound-api',
    to: text('To') ?? '',
    from: text('From') || undefined,
    messagingServiceSid: text('MessagingServiceSid') || undefined,
    body: text('Body'),
    mediaUrls: parameters.getAll('MediaUrl'),
    statusCallback: text('StatusCallback') || undefined,
    parameters,
  };
}

/**
 * Refuses what the carrier would refuse, for the reason that it finds first.
 *
 * @returns the address that the message leaves from; undefined when a Messaging Service will pick it
 * @throws {ApiError}
 */
export function checkDraft(context: SimContext, draft: Draft): string | undefined {
  for (const name of notSimulated) {
    if (draft.parameters.has(name)) throw new ApiError(20_501, `the parameter ${name}`);
  }
  checkRecipient(draft.to);
  checkContent(draft);
  checkCallback(draft.statusCallback);
  const from = checkSender(context, draft);
  if (from === draft.to) throw new ApiError(21_266, draft.to);
  if (from !== undefined && channelOf(from) !== channelOf(draft.to)) {
    throw new ApiError(21_910, `${from}, ${draft.to}`);
  }
  const sender = draft.messagingServiceSid ?? context.numbers.get(from ?? '')?.messagingServiceSid;
  if (context.optOuts.has(sender ?? from ?? '', draft.to)) throw new ApiError(21_610, draft.to);
  if (context.messages.full) throw new ApiError(21_611, from ?? '');
  return from;
}

function checkRecipient(to: string): void {
  if (to === '') throw new ApiError(21_604);
  const refusal = refusalOfRecipient(to);
  if (refusal !== undefined) throw new ApiError(refusal, to);
  if (!/^(?:[a-z]+:)?\+[1-9]\d{6,14}$/u.test(to)) throw new ApiError(21_211, to);
}

function checkContent({ body, mediaUrls }: Draft): void {
  if (mediaUrls.length === 0) {
    if (body === undefined) throw new ApiError(21_619);
    if (body === '') throw new ApiError(21_602);
  }
  if ((body ?? '').length > maxTextLength) throw new ApiError(21_617);
  if (mediaUrls.length > maxMediaCount) throw new ApiError(21_623);
  const wrong = mediaUrls.find((url) => !isWebUrl(url));
  if (wrong !== undefined) throw new ApiError(21_620, wrong);
}

function checkCallback(url: string | undefined): void {
  if (url === undefined) return;
  if (url.length > 4_000 || !isWebUrl(url) || new URL(url).hostname.includes('_')) {
    throw new ApiError(21_609, url);
  }
}

function checkSender({ numbers }: SimContext, draft: Draft): string | undefined {
  const { from, messagingServiceSid: service } = draft;
  if (from === undefined) {
    if (service === undefined) throw new ApiError(21_603);
    if (!numbers.hasService(service)) throw new ApiError(21_701, service);
    if (numbers.senderOf(service) === undefined) throw new ApiError(21_703, service);
    return undefined;
  }
  const refusal = refusalOfSender(from);
  if (refusal !== undefined) throw new ApiError(refusal, from);
  const number = numbers.get(from);
  if (number === undefined) {
    if (from === magicSender) return from;
    throw new ApiError(isAddress(from) ? 21_659 : 21_212, from);
  }
  if (number.smsCapable === false) throw new ApiError(21_606, from);
  if (service !== undefined && number.messagingServiceSid !== service) {
    throw new ApiError(21_659, from);
  }
  return from;
}

function isAddress(value: string): boolean {
  return /^(?:(?:[a-z]+:)?\+[1-9]\d{6,14}|\d{3,8}|(?=.*[A-Za-z])[\w &+.-]{1,11})$/u.test(value);
}

function channelOf(address: string): string {
  return /^([a-z]+):/u.exec(address)?.[1] ?? 'sms';
}
