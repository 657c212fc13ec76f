/** The carriers that can be simulated, and whose webhooks can be checked. */
export const carrierNames = ['twilio', 'telnyx', 'plivo'] as const;
/** One of them. */
export type CarrierName = (typeof carrierNames)[number];
