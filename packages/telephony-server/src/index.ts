export type { AccessControl, AccessDecision } from './access.ts';
export type { SmsOptions } from './compose.ts';
export type { Delivery } from './deliveries.ts';
export type { MessageHandler, Reply, ReplyContent } from './inbox-dispatch.ts';
export { listen, type Listener, type ListenOptions } from './listen.ts';
export type { LogFields, Logger } from './logger.ts';
export type { NodeHandler } from './node-handler.ts';
export type { NoticeTexts } from './notices.ts';
export type { QueuedSend } from './outbox.ts';
export type { SendPurpose } from './recipients.ts';
export { digestId } from './send-id.ts';
export type { MessageProgress, SendProgress } from './send-progress.ts';
export {
  createTelephonyServer,
  type OutboundOptions,
  type OutboundRequest,
  type TelephonyServer,
  type TelephonyServerOptions,
} from './server.ts';
export type { WebhookSecurity } from './signed-url.ts';
export type { SpendLimits } from './spend.ts';
