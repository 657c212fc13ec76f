export type { AccessControl, AccessDecision } from './access.ts';
export {
  type AccountView,
  type AccountViewOptions,
  openAccountView,
  type QueueName,
} from './account-view.ts';
export type { CallRecord } from './call-record.ts';
export type { CallRequest, PlacedCall, VoiceOptions } from './calls.ts';
export type { SmsOptions } from './compose.ts';
export { correlationIdOf } from './correlation.ts';
export type { DeadText, DeadTexts } from './dead-texts.ts';
export type { Delivery, ErrorCodeOf } from './deliveries.ts';
export type { InboundLimits } from './endpoint.ts';
export { HandlerTimeout } from './handler-runs.ts';
export type { HealthReport } from './health.ts';
export type {
  MessageContext,
  MessageHandler,
  Reply,
  ReplyContent,
  RunContext,
} from './message-handler.ts';
export { listen, type Listener, type ListenOptions } from './listen.ts';
export { mountMedia } from './media-handler.ts';
export { createMediaHost, type MediaHost, type MediaHostOptions } from './media-host.ts';
export type {
  InboundMediaOptions,
  MediaUnavailableReason,
  ReceivedMedia,
} from './media-received.ts';
export type { HostedFile, MediaBytes, MediaFile, MediaSource } from './media-source.ts';
export { sniffContentType } from './media-type.ts';
export type { LogFields, Logger } from './logger.ts';
export { metricCatalogue, type MetricDefinition } from './metrics.data.ts';
export { type MetricLabels, type Metrics, type MetricsText, silentMetrics } from './metrics.ts';
export type { LoggedMessage } from './message-log-entry.ts';
export type { MessageDetails, MessageFilter, MessageReader } from './message-reader.ts';
export type { NodeHandler } from './node-handler.ts';
export type { NoticeTexts } from './notices.ts';
export type { QueuedSend } from './outbox.ts';
export type { FailedSend } from './outbox-dispatch.ts';
export type { SegmentsPerSecond, SenderKind } from './pacing.ts';
export { flattenMarkdown } from './flatten-markdown.ts';
export { createQuietHours, type QuietFor, type QuietHours } from './quiet-hours.ts';
export type { ResolvedUnknown, UnknownDecision } from './resolve-unknown.ts';
export type { UnknownSend } from './unknown-sends.ts';
export type { SendPurpose } from './recipients.ts';
export type { ScheduledText, ScheduledTexts } from './scheduled-texts.ts';
export { digestId } from './send-id.ts';
export type { MessageProgress, SendProgress } from './send-progress.ts';
export { createTelephonyServer } from './server.ts';
export { mountStatusPages } from './status-pages.ts';
export type {
  OutboundOptions,
  OutboundRequest,
  TelephonyServer,
  TelephonyServerOptions,
} from './server-types.ts';
export type { WebhookSecurity } from './signed-url.ts';
export type { SpendLimits } from './spend.ts';
