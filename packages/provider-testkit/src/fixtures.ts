import type {
  DeliveryStatus,
  HttpTransport,
  InboundMedia,
  Outcome,
  TelephonyErrorCode,
  TelephonyProvider,
} from '@openclaw/telephony-core';

/** Where a provider acts during one scenario. Give it all of these that it takes: the kit watches them. */
export interface Stage {
  /** The carrier's REST API. It is made from {@link Stage.fetch}, so either will do. */
  readonly transport: HttpTransport;
  /** Answers what the scenario says, and keeps what it was asked. */
  readonly fetch: typeof globalThis.fetch;
  /** Stands still at `contractValues.now`. */
  readonly now: () => Date;
  /** For a provider that takes a logger. Whatever is written is searched for canaries; so is the console. */
  readonly log: (...words: readonly unknown[]) => void;
}

/** One provider, and everything that the kit must know of its carrier. */
export interface ProviderContract<Provider extends TelephonyProvider = TelephonyProvider> {
  /**
   * Makes a new provider, for one scenario, that believes webhooks of the signers `first` and `second`. Its requests
   * go to the stage and its clock is the stage's.
   */
  readonly createProvider: (stage: Stage) => Provider;
  /** Every secret that `createProvider` uses: auth token, API key, account id if it is one. None may ever be shown. */
  readonly secrets: readonly string[];
  readonly carrier: HttpCarrier | SimulatedCarrier<Provider>;
  readonly webhooks: WebhookFixtures;
  /** Needed by whoever has `messaging`. */
  readonly inbound?: InboundFixtures;
  /** Needed unless `capabilities.deliveryReceipts` is `'none'`. */
  readonly receipts?: ReceiptFixtures;
  /** Sees every request that the provider made, for instance to check it against the carrier's API description. */
  readonly onRequest?: (request: RecordedRequest) => void;
}

/** A request as it left the provider. */
export interface RecordedRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: string;
}

/** What the carrier answers, byte for byte. */
export interface CarrierReply {
  readonly status: number;
  /** Default: a content type of `application/json`. */
  readonly headers?: { readonly [name: string]: string };
  /** Raw; default: empty. */
  readonly body?: string;
}

/** Says that this carrier never does what a scenario is about, and why. The reason is shown with the test. */
export interface Never {
  readonly never: string;
}

/** A carrier that is spoken to over HTTP. */
export interface HttpCarrier {
  readonly kind: 'http';
  /** Where requests may go, such as `https://api.example.com`. */
  readonly origins: readonly string[];
  readonly send?: SendFixtures;
  /** Needed by whoever has `messaging.getMessage`. */
  readonly getMessage?: GetMessageFixture;
  /** Needed by whoever has `messaging.fetchMedia`. */
  readonly media?: MediaFixtures;
}

/** What the carrier answers to a request that sends. */
export interface SendFixtures {
  readonly accepted?: {
    readonly reply: CarrierReply;
    /** The id in the reply. */
    readonly messageId: string;
    /** The status in the reply, in the contract's word. */
    readonly status: DeliveryStatus;
    /** The count in the reply, when the carrier tells one. */
    readonly segmentCount?: number;
  };
  /** Needed when `capabilities.senderPools`: the id of a pool, as the carrier writes it. */
  readonly poolId?: string;
  readonly failures?: SendFailureFixtures;
  /**
   * Raw: the body of each error that the carrier documents. The kit sends them with every status there is: what the
   * carrier says never decides whether a message may exist.
   */
  readonly errorBodies?: readonly string[];
}

/** The carrier's refusals. What it reports later, in a receipt, is a {@link Never} here. */
export interface SendFailureFixtures {
  /** Expected: `auth_failed`. */
  readonly badCredentials?: CarrierFailure | Never;
  /** Expected: `invalid_recipient`. */
  readonly invalidRecipient?: CarrierFailure | Never;
  /** Expected: `recipient_opted_out`. */
  readonly optedOut?: CarrierFailure | Never;
  /** Expected: `sender_not_allowed`. */
  readonly senderNotAllowed?: CarrierFailure | Never;
  /** Expected: `content_rejected`. */
  readonly contentRejected?: CarrierFailure | Never;
  /** Expected: `account_blocked` or `limit_reached`. */
  readonly noFunds?: CarrierFailure | Never;
  /** Expected: `rate_limited`, with the time to wait. The kit also plays it without headers. */
  readonly rateLimited?: (CarrierFailure & { readonly retryAfterMs: number }) | Never;
  /** Expected: `provider_unavailable` with the outcome `unknown`. */
  readonly serverError?: CarrierFailure;
}

/** One refusal. */
export interface CarrierFailure {
  readonly reply: CarrierReply;
  /** The error's `providerCode`; left out when the reply has none. */
  readonly providerCode?: string;
}

/** What the carrier answers when it is asked about a message. */
export interface GetMessageFixture {
  /** An id as the carrier writes them. */
  readonly messageId: string;
  readonly reply: CarrierReply;
  readonly status: DeliveryStatus;
  readonly carrierErrorCode?: string;
  /** Expected: `not_found`. */
  readonly notFound: CarrierReply;
}

/** Where the carrier's media are, and who may see the credentials. */
export interface MediaFixtures {
  /** A file as an inbound message names it. */
  readonly url: string;
  /** `own-origin`: the file at `url` is fetched with credentials. `never`: every file is public. */
  readonly credentials: 'own-origin' | 'never';
  /** Where the carrier redirects to, or might: none of these may see the credentials. Empty where it never does. */
  readonly redirects: readonly string[];
}

/** A failure that a {@link SimulatedCarrier} is asked to make. */
export interface SimulatedFailure {
  readonly code: TelephonyErrorCode;
  readonly outcome: Outcome;
  readonly retryAfterMs?: number;
}

/** A carrier that is not spoken to over HTTP: it lives inside the provider, as that of provider-mock does. */
export interface SimulatedCarrier<Provider extends TelephonyProvider = TelephonyProvider> {
  readonly kind: 'simulated';
  /** Makes the provider's next send fail. */
  readonly failNext: (provider: Provider, failure: SimulatedFailure) => void;
  /** How many messages were sent. */
  readonly countSent: (provider: Provider) => number;
  /** Needed when `capabilities.senderPools`. */
  readonly poolId?: string;
  /** Needed by whoever has `messaging.fetchMedia`. */
  readonly hostMedia?: (
    provider: Provider,
    file: { readonly contentType: string; readonly bytes: Uint8Array },
  ) => InboundMedia;
}

/** Who signs a webhook: one of the two that the provider believes, or somebody else. */
export type Signer = 'first' | 'second' | 'stranger';

/** A webhook as the carrier sends it, without its signature. */
export interface RawWebhook {
  /** Default: POST. */
  readonly method?: 'GET' | 'POST';
  /** Byte for byte as it is signed. Default: `contractValues.webhookUrl`. */
  readonly url?: string;
  /** Those that are not made by signing; the content type belongs here. */
  readonly headers?: { readonly [name: string]: string };
  /** Raw. Default: empty. */
  readonly body?: string;
}

/** What is given to {@link WebhookFixtures.sign}: nothing left out. */
export interface UnsignedWebhook {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
}

/** How the carrier signs, and what it sends. */
export interface WebhookFixtures {
  readonly scheme: {
    /** True when a webhook sent to another URL does not verify. */
    readonly signsUrl: boolean;
    /**
     * `bytes`: the raw body. `parameters`: the decoded fields of a form, in any order. `nothing`: the body is not
     * signed, and a verified webhook has `bodyAuthenticated: false`.
     */
    readonly signsBody: 'bytes' | 'parameters' | 'nothing';
    /** How far the signed time may be from now, either way; left out when no time is signed. */
    readonly timestampToleranceMs?: number;
  };
  /**
   * Makes the signature headers. `signedAt` is for schemes that sign a time. It may throw for what the carrier would
   * never sign, such as JSON where it signs forms alone.
   */
  readonly sign: (
    request: UnsignedWebhook,
    signer: Signer,
    signedAt: Date,
  ) => { readonly [name: string]: string } | Promise<{ readonly [name: string]: string }>;
  /** Any webhook of the carrier, with a body. */
  readonly genuine?: RawWebhook;
  /** A webhook that comes as a GET. */
  readonly get?: RawWebhook | Never;
  /** A webhook whose body is JSON. */
  readonly json?: RawWebhook | Never;
}

/** A message to us. The kit compares it with `contractValues`. */
export interface InboundFixture {
  readonly request: RawWebhook;
  /** The carrier's id of the message. */
  readonly messageId: string;
  /** The URLs of its media, in the order in which they were sent. */
  readonly media?: readonly string[];
}

/** Messages to us: from `person` to `ownNumber`, unless said otherwise. */
export interface InboundFixtures {
  /** `contractValues.text`. */
  readonly text?: InboundFixture;
  /** `contractValues.emojiText`. */
  readonly emoji?: InboundFixture;
  /** One picture and no text. Needed when `capabilities.channels` has `mms`. */
  readonly pictureOnly?: InboundFixture;
  /** `contractValues.text` and at least two pictures: eleven show whether the tenth comes after the second. Needed with `mms`. */
  readonly severalPictures?: InboundFixture;
  /** `contractValues.text` from `contractValues.shortCode`. */
  readonly fromShortCode?: InboundFixture;
  /** `contractValues.text` from `contractValues.senderName`. */
  readonly fromSenderName?: InboundFixture | Never;
  /** `contractValues.stopText`, which the carrier did not answer. */
  readonly stop?: InboundFixture;
  /** `contractValues.stopText`, with the carrier's word that it has seen to it. Needed when `capabilities.optOut` is `carrier`. */
  readonly stopAnswered?: InboundFixture | Never;
  /** `contractValues.text` from and to addresses with a channel prefix, such as `whatsapp:`. Needed with `rcs` or `whatsapp`. */
  readonly channel?: (InboundFixture & { readonly from: string; readonly to: string }) | Never;
}

/** Reports on a message of ours. */
export interface ReceiptFixtures {
  /** The id of the message that is reported on. */
  readonly messageId: string;
  /** Every word that the carrier documents, and the contract's word for it. */
  readonly statuses: { readonly [carrierWord: string]: DeliveryStatus };
  /** Writes the webhook for one word: one of `statuses`, or one that no carrier has. */
  readonly request: (carrierWord: string, carrierErrorCode?: string) => RawWebhook;
  /** A word of `statuses` that comes with an error code, and that code. */
  readonly failure?: { readonly carrierWord: string; readonly carrierErrorCode: string };
  /** The carrier's number for a recipient who has opted out. Needed by whoever has `messaging.errorCodeOf`. */
  readonly optedOut?: { readonly carrierErrorCode: string } | Never;
}
