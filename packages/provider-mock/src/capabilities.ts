import type { MessagingCapabilities } from '@openclaw/telephony-core';

/** A carrier that can do everything that the contract knows. */
const everyCapability: MessagingCapabilities = {
  channels: ['sms', 'mms', 'rcs', 'whatsapp'],
  maxTextLength: { gsm7: 1600, ucs2: 1600 },
  outboundMedia: { by: 'url', maxCount: 10, maxBytes: 5_000_000, maxTotalBytes: 5_000_000 },
  deliveryReceipts: 'per-message-url',
  optOut: 'carrier',
  senderPools: true,
};

/** A carrier that sends short texts from a number, and does nothing else. */
const noCapability: MessagingCapabilities = {
  channels: ['sms'],
  maxTextLength: { gsm7: 160, ucs2: 70 },
  outboundMedia: false,
  deliveryReceipts: 'none',
  optOut: 'application',
  senderPools: false,
};

/** Turns the option into capabilities; one that is left out of an object is on. */
export function resolveCapabilities(
  option: 'all' | 'none' | Partial<MessagingCapabilities>,
): MessagingCapabilities {
  if (option === 'all') return everyCapability;
  return option === 'none' ? noCapability : { ...everyCapability, ...option };
}
