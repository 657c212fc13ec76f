export type {
  CallEnd,
  CallEndReason,
  CallState,
  CallWebhook,
  Heard,
  SimCall,
} from './carrier/call.ts';
export type {
  CarrierSim,
  MagicNumber,
  MagicNumbers,
  NextMessageOptions,
  SimTypes,
} from './carrier/carrier-sim.ts';
export type { CdnRequest } from './carrier/context.ts';
export type {
  CarrierFault,
  CarrierFaultPlan,
  ReplyFault,
  WebhookFault,
} from './carrier/fault-kinds.ts';
export type {
  FaultAt,
  FaultDefinition,
  FaultMatch,
  FaultPlan,
  FaultSubject,
} from './carrier/faults.ts';
export type { CallInput, FarEnd } from './carrier/far-end.ts';
export type { InboundCall, NextCallOptions } from './carrier/inbound-call.ts';
export type { InboundDelivery, InboundText } from './carrier/inbound-text.ts';
export type { JsonObject } from './carrier/json-object.ts';
export type {
  DeliveryOutcome,
  MediaDownload,
  ReceiptDelivery,
  SimMessage,
} from './carrier/message.ts';
export type { AutoReply, OptOutPair, OptOutType } from './carrier/opt-out.ts';
export type {
  CarrierSimOptions,
  CarrierTiming,
  NumberChange,
  NumberOptions,
  ReceiptOrder,
} from './carrier/options.ts';
export type { OriginRoutes } from './carrier/origin-routes.ts';
export type { Random } from './carrier/random-id.ts';
export type { AttemptFailure, WebhookAttempt, WebhookMessage } from './carrier/webhook-request.ts';
export type { PlivoApplication } from './plivo/applications.ts';
export type { PlivoCallStatus, PlivoSimCall } from './plivo/call.ts';
export type { PlivoMessageStatus, PlivoSimMessage } from './plivo/message.ts';
export type { PlivoNumberRecord } from './plivo/numbers.ts';
export type {
  PlivoNumberChange,
  PlivoNumberOptions,
  PlivoSignatures,
  PlivoSimOptions,
  PlivoSubaccount,
} from './plivo/options.ts';
export type { PlivoSim, PlivoSimTypes } from './plivo/plivo-sim.ts';
export { startPlivoSim } from './plivo/start-plivo-sim.ts';
export type { TelnyxCallStatus, TelnyxSimCall } from './telnyx/call.ts';
export type { CallControlApplication } from './telnyx/connections.ts';
export type { TelnyxInboundText } from './telnyx/inbound.ts';
export type { TelnyxMessageStatus, TelnyxSimMessage } from './telnyx/message.ts';
export type { TelnyxNumberRecord } from './telnyx/numbers.ts';
export type {
  TelnyxNumberChange,
  TelnyxNumberOptions,
  TelnyxSimOptions,
} from './telnyx/options.ts';
export type { MessagingProfile } from './telnyx/profiles.ts';
export { startTelnyxSim } from './telnyx/start-telnyx-sim.ts';
export type { TelnyxSim, TelnyxSimTypes } from './telnyx/telnyx-sim.ts';
export type { Alert } from './twilio/alert.ts';
export type { TwilioCallStatus, TwilioSimCall } from './twilio/call.ts';
export type {
  TwilioInboundDelivery,
  TwilioMessageStatus,
  TwilioSimMessage,
} from './twilio/message.ts';
export type { TwilioNumberRecord } from './twilio/numbers.ts';
export type {
  TwilioApiKey,
  TwilioNumberChange,
  TwilioNumberOptions,
  TwilioSimOptions,
  TwilioTiming,
} from './twilio/options.ts';
export { startTwilioSim } from './twilio/start-twilio-sim.ts';
export type { TwilioSim, TwilioSimTypes } from './twilio/twilio-sim.ts';
