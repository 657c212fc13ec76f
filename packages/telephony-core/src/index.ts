export {
  type AlphanumericSenderId,
  type Brand,
  type CallParty,
  type ChannelAddress,
  type E164,
  isAlphanumericSenderId,
  isChannelAddress,
  isE164,
  isMessageAddress,
  isShortCode,
  isSipUri,
  type MessageAddress,
  parseE164,
  parseRecipient,
  parseSenderAddress,
  redactAddress,
  type Sender,
  type ShortCode,
  type SipUri,
  withoutRcs,
} from './address.ts';
export { type ApiBase, isLoopbackHost, parseApiBase } from './api-base.ts';
export {
  type CarrierErrorMeaning,
  type CarrierErrorRow,
  type CarrierErrors,
  createCarrierErrors,
} from './carrier-errors.ts';
export {
  contradicts,
  type DeliveryStatus,
  isDeliveryStatus,
  isFinalStatus,
  mergeDeliveryStatus,
} from './delivery.ts';
export {
  isTelephonyErrorCode,
  type Outcome,
  TelephonyError,
  type TelephonyErrorCode,
  type TelephonyErrorDetails,
  type WebhookRejectionReason,
} from './error.ts';
export type { CallEvent, EventBase, MessageEvent, TelephonyEvent } from './event.ts';
export { createHandover, type Handover } from './handover.ts';
export {
  createFetchTransport,
  type FetchTransportOptions,
  type HttpRequest,
  type HttpResponse,
  type HttpTransport,
} from './http.ts';
export {
  type FailedRequest,
  outcomeOfStatus,
  parseRetryAfter,
  toTransportError,
} from './http-failure.ts';
export {
  isJsonObject,
  objectIn,
  objectsIn,
  parseJsonObject,
  positiveIntegerIn,
  textIn,
} from './json.ts';
export { isPublicAddress } from './media-address.ts';
export { createMediaDownload, type MediaDownloadOptions } from './media-download.ts';
export {
  assertOutboundMedia,
  type MediaTypeLimit,
  type OutboundFile,
  type OutboundMediaLimits,
} from './media-limits.ts';
export type {
  InboundMedia,
  InboundMessage,
  MessageState,
  MessagingCapabilities,
  MessagingProvider,
  OutboundMessage,
  SendReceipt,
} from './messaging.ts';
export type { NumberSetup, WebhookSettings } from './number-setup.ts';
export { isOptOutKeyword, type OptOutKeyword, parseOptOutKeyword } from './opt-out.ts';
export type { CallOptions, JsonObject, ProviderWarning, TelephonyProvider } from './provider.ts';
export { type AnsweredFailure, codeOfRefusal, createRefusal, toAnswerError } from './refusal.ts';
export {
  createRestClient,
  type MalformedAnswer,
  malformedAnswer,
  type RefusedAnswer,
  type RestClientOptions,
} from './rest-client.ts';
export type {
  AudioEncoding,
  CallEndReason,
  CallInstruction,
  CallRef,
  MediaStreamCodec,
  MediaStreamCommand,
  MediaStreamEvent,
  OutboundCall,
  VoiceCapabilities,
  VoiceProvider,
} from './voice.ts';
export {
  isVerifiedWebhook,
  markVerified,
  type VerifiedWebhook,
  type WebhookReceiver,
  type WebhookReply,
  type WebhookRequest,
} from './webhook.ts';
