export type {
  FaultAt,
  FaultDefinition,
  FaultMatch,
  FaultPlan,
  FaultSubject,
} from './carrier/faults.ts';
export type { OriginRoutes } from './carrier/origin-routes.ts';
export type { Random } from './carrier/random-id.ts';
export type { AttemptFailure, WebhookAttempt, WebhookMessage } from './carrier/webhook-request.ts';
export type { Alert } from './twilio/alert.ts';
export type { CdnRequest } from './twilio/context.ts';
export type { ReplyFault, TwilioFault, TwilioFaultPlan, WebhookFault } from './twilio/faults.ts';
export type { InboundDelivery } from './twilio/inbound.ts';
export type { InboundText } from './twilio/inbound-record.ts';
export type {
  DeliveryOutcome,
  MediaDownload,
  ReceiptDelivery,
  SimMessage,
  TwilioMessageStatus,
} from './twilio/message.ts';
export type { NumberRecord } from './twilio/numbers.ts';
export type { AutoReply, OptOutPair, OptOutType } from './twilio/opt-out.ts';
export type {
  ReceiptOrder,
  TwilioApiKey,
  TwilioNumberChange,
  TwilioNumberOptions,
  TwilioSimOptions,
  TwilioTiming,
} from './twilio/options.ts';
export { startTwilioSim } from './twilio/start-twilio-sim.ts';
export type { NextMessageOptions, TwilioSim } from './twilio/twilio-sim.ts';
