import {
  type CallOptions,
  type DeliveryStatus,
  type InboundMedia,
  isE164,
  isMessageAddress,
  isShortCode,
  type MessageState,
  type MessagingCapabilities,
  type MessagingProvider,
  type OutboundMessage,
  type ProviderWarning,
  type SendReceipt,
  type TelephonyError,
} from '@openclaw/telephony-core';
import { mockProviderId, refuse } from './errors.ts';

/** A message that the mock accepted. */
export interface SentMessage {
  readonly id: string;
  readonly message: OutboundMessage;
  readonly receipt: SendReceipt;
  /** What a receipt or `setStatus` of the provider said last. */
  readonly status: DeliveryStatus;
  readonly carrierErrorCode?: string;
}

/** A failure that is to come. */
export interface PlannedFailure {
  readonly error: TelephonyError;
  /** The message is in `sent` all the same, as after a time-out of a real carrier. */
  readonly sentAnyway: boolean;
  /** How many more sends it makes fail. */
  remainingCount: number;
}

/** What the mock remembers. Its provider's methods and its test's switches work on the same object. */
export interface MockCarrier {
  /** By message id, oldest first. */
  readonly sent: Map<string, SentMessage>;
  readonly failures: PlannedFailure[];
  readonly files: Map<string, { readonly contentType: string; readonly bytes: Uint8Array }>;
  readonly capabilities: MessagingCapabilities;
  readonly maxSentCount: number;
  nextId(): string;
  countSegments(text: string): number | undefined;
}

/** The sending half of the mock. What its capabilities lack is absent, or refused. */
export function createMockMessaging(carrier: MockCarrier): MessagingProvider {
  const { capabilities } = carrier;
  return {
    capabilities,
    async send(message, options) {
      refuseAborted(options);
      const warnings = checkMessage(message, capabilities);
      const failure = takeFailure(carrier);
      if (failure !== undefined && !failure.sentAnyway) throw failure.error;
      const receipt = accept(carrier, message, warnings);
      if (failure !== undefined) throw failure.error;
      return receipt;
    },
    ...(capabilities.deliveryReceipts === 'none'
      ? {}
      : {
          async getMessage(id: string, options?: CallOptions) {
            refuseAborted(options);
            return stateOf(carrier, id);
          },
        }),
    ...(capabilities.channels.includes('mms')
      ? {
          async fetchMedia(media: InboundMedia, options?: CallOptions) {
            refuseAborted(options);
            return fileAt(carrier, media);
          },
        }
      : {}),
  };
}

function takeFailure({ failures }: MockCarrier): PlannedFailure | undefined {
  const [failure] = failures;
  if (failure === undefined) return undefined;
  failure.remainingCount -= 1;
  if (failure.remainingCount <= 0) failures.shift();
  return failure;
}

function refuseAborted(options: CallOptions | undefined): void {
  if (options?.signal?.aborted !== true) return;
  throw refuse('aborted', 'the call was aborted before anything was sent');
}

/** Refuses what cannot go out at all; warns of what goes out without a part of it. */
function checkMessage(
  message: OutboundMessage,
  capabilities: MessagingCapabilities,
): ProviderWarning[] {
  const { text = '', media = [] } = message;
  const warnings: ProviderWarning[] = [];
  if (!isE164(message.to) && !isShortCode(message.to)) {
    throw refuse('invalid_recipient', '`to` is not one E.164 number or short code');
  }
  if (text === '' && media.length === 0) throw refuse('invalid_request', 'no text and no media');
  const most = capabilities.maxTextLength[isSurelyUcs2(text) ? 'ucs2' : 'gsm7'];
  if (text.length > most) {
    throw refuse(
      'invalid_request',
      `the text has ${text.length} characters, more than ${most}: split it`,
    );
  }
  if (message.from.kind !== 'pool' && !isMessageAddress(message.from.address)) {
    throw refuse('sender_not_allowed', '`from` is no number, short code or sender name');
  }
  if (message.from.kind === 'pool' && !capabilities.senderPools) {
    throw refuse('unsupported', 'this carrier has no sender pools: send from a number');
  }
  if (media.length > 0 && capabilities.outboundMedia === false) {
    if (text === '') throw refuse('unsupported', 'this carrier sends no media');
    warnings.push({ type: 'unsupported', feature: 'media', detail: 'sent as text alone' });
  } else if (capabilities.outboundMedia && media.length > capabilities.outboundMedia.maxCount) {
    const { maxCount } = capabilities.outboundMedia;
    throw refuse('invalid_request', `${media.length} media, more than ${maxCount}`);
  }
  if (message.statusCallback !== undefined && capabilities.deliveryReceipts !== 'per-message-url') {
    warnings.push({ type: 'unsupported', feature: 'statusCallback' });
  }
  for (const key of Object.keys(message.providerOptions?.[mockProviderId] ?? {})) {
    warnings.push({ type: 'unsupported', feature: `providerOptions.${mockProviderId}.${key}` });
  }
  return warnings;
}

/** GSM-7 has Latin, Greek and the euro sign. The carrier counts exactly; this only spares it what is clear. */
function isSurelyUcs2(text: string): boolean {
  return /[\u0400-\u20ab\u20ad-\u{10ffff}]/u.test(text);
}

function accept(
  carrier: MockCarrier,
  message: OutboundMessage,
  warnings: readonly ProviderWarning[],
): SendReceipt {
  const id = carrier.nextId();
  const segmentCount = carrier.countSegments(message.text ?? '');
  const receipt: SendReceipt = {
    messageId: id,
    status: 'accepted',
    ...(segmentCount === undefined ? {} : { segmentCount }),
    warnings,
    raw: { id },
  };
  carrier.sent.set(id, { id, message, receipt, status: receipt.status });
  for (const oldest of carrier.sent.keys()) {
    if (carrier.sent.size <= carrier.maxSentCount) break;
    carrier.sent.delete(oldest);
  }
  return receipt;
}

function stateOf(carrier: MockCarrier, id: string): MessageState {
  const sent = carrier.sent.get(id);
  if (sent === undefined) throw refuse('not_found', 'the mock carrier has no message of that id');
  const { status, carrierErrorCode } = sent;
  const raw = { id, status };
  return { status, ...(carrierErrorCode === undefined ? {} : { carrierErrorCode }), raw };
}

function fileAt(carrier: MockCarrier, media: InboundMedia): Response {
  const file = carrier.files.get(media.url.href);
  if (file === undefined) throw refuse('not_found', 'the mock carrier has no file at that URL');
  return new Response(Uint8Array.from(file.bytes), {
    headers: { 'content-type': file.contentType },
  });
}
