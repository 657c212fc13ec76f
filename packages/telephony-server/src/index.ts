export type { AccessControl, AccessDecision } from './inbox/access.ts';
export {
  type AccountView,
  type AccountViewOptions,
  openAccountView,
  type QueueName,
} from './account-view.ts';
export type { CallRecord } from './calls/call-record.ts';
export type { CallRequest, PlacedCall, VoiceOptions } from './calls/calls.ts';
export type { SmsOptions } from './outbox/compose.ts';
export { correlationIdOf } from './observe/correlation.ts';
export type { DeadText, DeadTexts } from './inbox/dead-texts.ts';
export type { Delivery, ErrorCodeOf } from './delivery/deliveries.ts';
export type { InboundLimits } from './ingress/endpoint.ts';
export { HandlerTimeout } from './inbox/handler-runs.ts';
export type { HealthReport } from './observe/health.ts';
export type {
  MessageContext,
  MessageHandler,
  Reply,
  ReplyContent,
  RunContext,
} from './inbox/message-handler.ts';
export { listen, type Listener, type ListenOptions } from './ingress/listen.ts';
export { mountMedia } from './media/media-handler.ts';
export { createMediaHost, type MediaHost, type MediaHostOptions } from './media/media-host.ts';
export type {
  InboundMediaOptions,
  MediaUnavailableReason,
  ReceivedMedia,
} from './media/media-received.ts';
export type { HostedFile, MediaBytes, MediaFile, MediaSource } from './media/media-source.ts';
export { sniffContentType } from './media/media-type.ts';
export type { LogFields, Logger } from './observe/logger.ts';
export { metricCatalogue, type MetricDefinition } from './observe/metrics.data.ts';
export {
  type MetricLabels,
  type Metrics,
  type MetricsText,
  silentMetrics,
} from './observe/metrics.ts';
export type { LoggedMessage } from './observe/message-log-entry.ts';
export type { MessageDetails, MessageFilter, MessageReader } from './observe/message-reader.ts';
export type { NodeHandler } from './ingress/node-handler.ts';
export type { NoticeTexts } from './consent/notices.ts';
export type { Failover, HandedSend, StandIn } from './outbox/failover.ts';
export type { QueuedSend } from './outbox/outbox.ts';
export type { FailedSend } from './outbox/dispatch-options.ts';
export type { SegmentsPerSecond, SenderKind } from './outbox/pacing.ts';
export { flattenMarkdown } from './plain-text/flatten-markdown.ts';
export { createQuietHours, type QuietFor, type QuietHours } from './outbox/quiet-hours.ts';
export type { ResolvedUnknown, UnknownDecision } from './outbox/resolve-unknown.ts';
export type { UnknownSend } from './outbox/unknown-sends.ts';
export type { SendPurpose } from './outbox/recipients.ts';
export type { ScheduledText, ScheduledTexts } from './schedule/scheduled-texts.ts';
export { digestId } from './outbox/send-id.ts';
export type { MessageProgress, SendProgress } from './outbox/send-progress.ts';
export { createTelephonyServer } from './server.ts';
export { mountStatusPages } from './ingress/status-pages.ts';
export type {
  OutboundOptions,
  OutboundRequest,
  TelephonyServer,
  TelephonyServerOptions,
} from './server-types.ts';
export type { WebhookSecurity } from './ingress/signed-url.ts';
export type { SpendLimits } from './outbox/spend.ts';
