export { WebhookVerificationError, type WebhookVerificationReason } from './error.ts';
export type { FetchRequestOptions } from './fetch-request.ts';
export type { WebhookParameters } from './parameters.ts';
export * from './plivo.ts';
export * from './replay.ts';
export type { WebhookHeaders, WebhookLimits, WebhookRequest } from './request.ts';
export * from './telnyx.ts';
export * from './twilio.ts';
export * from './url.ts';
