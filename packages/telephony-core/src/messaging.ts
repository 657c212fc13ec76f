import type { ChannelAddress, E164, MessageAddress, Sender, ShortCode } from './address.ts';
import type { DeliveryStatus } from './delivery.ts';
import type { TelephonyErrorCode } from './error.ts';
import type { OutboundMediaLimits } from './media-limits.ts';
import type { OptOutKeyword } from './opt-out.ts';
import type { CallOptions, JsonObject, ProviderWarning } from './provider.ts';

/** What a provider can do with texts, as data that the contract suite believes. */
export interface MessagingCapabilities {
  readonly channels: readonly ('sms' | 'mms' | 'rcs' | 'whatsapp')[];
  /** What one API call takes, in UTF-16 code units. */
  readonly maxTextLength: { readonly gsm7: number; readonly ucs2: number };
  readonly outboundMedia: false | OutboundMediaLimits;
  readonly deliveryReceipts: 'per-message-url' | 'account-url' | 'none';
  /** Who answers STOP. */
  readonly optOut: 'carrier' | 'provider' | 'application';
  readonly senderPools: boolean;
}

/** Sends texts, and tells what became of them. */
export interface MessagingProvider {
  readonly capabilities: MessagingCapabilities;
  /**
   * Sends one message to one recipient, in one request that is never repeated.
   *
   * @throws {TelephonyError} with `outcome` saying whether the message may exist anyway
   */
  send(message: OutboundMessage, options?: CallOptions): Promise<SendReceipt>;
  /** Asks the carrier what became of a message. */
  getMessage?(id: string, options?: CallOptions): Promise<MessageState>;
  /**
   * Streams media that the carrier hosts. Credentials go only to the provider's own origin, and are dropped on a
   * redirect to another.
   */
  fetchMedia?(media: InboundMedia, options?: CallOptions): Promise<Response>;
  /**
   * What an error number of the carrier means, as it stands in `carrierErrorCode` of a receipt; `undefined` for one that
   * the provider does not know. A carrier that tells of an opt-out only in a receipt is understood by this.
   */
  errorCodeOf?(carrierErrorCode: string): TelephonyErrorCode | undefined;
}

/** What the carrier says of a message when asked. */
export interface MessageState {
  readonly status: DeliveryStatus;
  readonly carrierErrorCode?: string;
  readonly raw: unknown;
}

/** One message to exactly one recipient, with text, media or both. */
export type OutboundMessage = {
  readonly to: E164 | ShortCode;
  readonly from: Sender;
  readonly statusCallback?: URL;
  readonly providerOptions?: { readonly [providerId: string]: JsonObject };
} & (
  | { readonly text: string; readonly media?: readonly URL[] }
  | { readonly text?: string; readonly media: readonly [URL, ...URL[]] }
);

/** The carrier has the message. What became of it follows in delivery receipts. */
export interface SendReceipt {
  readonly messageId: string;
  readonly status: DeliveryStatus;
  /** As billed, when the carrier reports it. */
  readonly segmentCount?: number;
  /** A degraded send is a result, not an exception. */
  readonly warnings: readonly ProviderWarning[];
  readonly raw: unknown;
}

/** A text or picture that somebody sent to our number. */
export interface InboundMessage {
  readonly id: string;
  readonly from: MessageAddress;
  readonly to: E164 | ShortCode | ChannelAddress;
  /** `''` for a message of media alone. */
  readonly text: string;
  readonly media: readonly InboundMedia[];
  readonly segmentCount?: number;
  /** Set when the carrier already recognised (and answered) the keyword. */
  readonly optOut?: OptOutKeyword;
}

/** A file that came with a message. */
export interface InboundMedia {
  readonly url: URL;
  readonly contentType?: string;
  readonly bytes?: number;
}
