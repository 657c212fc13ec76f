import type { WebhookAttempt, WebhookMessage } from './webhook-request.ts';

/** How far a call has come, in words of no carrier. */
export type CallState = 'queued' | 'ringing' | 'answered' | 'ended';

/** What a call came to, in words of no carrier. */
export type CallEndReason = 'completed' | 'busy' | 'no-answer' | 'rejected' | 'canceled' | 'failed';

/** How a call ended. */
export interface CallEnd {
  readonly reason: CallEndReason;
  /**
   * `far-end`: the person on the telephone. `api`: a request or a command of the application. `document`: a verb that
   * hangs up or declines. `end-of-document`: nothing was left to do. `error`: the application could not be understood.
   */
  readonly by:
    | 'far-end'
    | 'api'
    | 'document'
    | 'end-of-document'
    | 'time-limit'
    | 'ring-timeout'
    | 'error';
}

/** Something that the person on the telephone heard. `cut`: the call, or something else, ended it before its time. */
export type Heard =
  | {
      readonly kind: 'speech';
      readonly text: string;
      readonly voice?: string;
      readonly language?: string;
      readonly cut: boolean;
    }
  | { readonly kind: 'audio'; readonly url: string; readonly cut: boolean }
  | { readonly kind: 'tones'; readonly digits: string; readonly cut: boolean }
  | { readonly kind: 'silence'; readonly seconds: number; readonly cut: boolean }
  /** Connected with somebody else, who is not simulated. */
  | { readonly kind: 'transfer'; readonly to: string; readonly cut: boolean }
  /** Connected with a media stream, which is not opened. */
  | { readonly kind: 'stream'; readonly url: string; readonly cut: boolean };

/** A webhook of a call and what came of it. */
export interface CallWebhook {
  /** What it tells or asks: a call status of Twilio or Plivo, `document` for a question, an event of Telnyx. */
  readonly event: string;
  /** As it was sent last. */
  readonly request: WebhookMessage;
  /** Empty when a fault lost it. */
  readonly attempts: readonly WebhookAttempt[];
  /** The last attempt was answered with 2xx. */
  readonly acknowledged: boolean;
}

/** A call at a simulated carrier, placed by the application or come in. It changes as it goes on. */
export interface SimCall {
  /** The carrier's identifier. */
  readonly id: string;
  readonly direction: 'outbound' | 'inbound';
  /** E.164 with the plus sign, on every carrier. */
  readonly from: string;
  readonly to: string;
  readonly state: CallState;
  /** In the carrier's words. */
  readonly status: string;
  readonly statusHistory: readonly { readonly status: string; readonly at: Date }[];
  /** Undefined until it has ended. */
  readonly end: CallEnd | undefined;
  /** Everything that the person on the telephone heard, in order. */
  readonly heard: readonly Heard[];
  /** What of it was speech. */
  readonly said: readonly string[];
  readonly acceptedAt: Date;
  readonly answeredAt: Date | undefined;
  readonly endedAt: Date | undefined;
  /** From the answer on, in seconds of the call, which go by faster than those of the clock: see `callAcceleration`. */
  readonly durationSeconds: number;
  /** The longest that the carrier lets it last once it is answered. */
  readonly timeLimitSeconds: number;
  /** Every webhook of the call, in order. */
  readonly webhooks: readonly CallWebhook[];
  /** The carrier's error numbers for what was wrong with the application's answers. */
  readonly problems: readonly number[];
  /** What the request had that placed it; empty for a call that came in. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** A call of one carrier while the simulator works on it. */
export type CallRecordOf<Call extends SimCall> = Writable<
  Omit<Call, 'statusHistory' | 'heard' | 'said' | 'webhooks' | 'problems'>
> & {
  readonly statusHistory: { readonly status: string; readonly at: Date }[];
  readonly heard: Heard[];
  readonly said: string[];
  readonly webhooks: CallWebhook[];
  readonly problems: number[];
};

/** A call of any carrier while the simulator works on it. */
export type CallRecord = CallRecordOf<SimCall>;

/** What a call is at its beginning, beside who calls whom. */
export function newCall<Facts extends Pick<SimCall, 'id' | 'direction' | 'from' | 'to'>>(
  now: () => number,
  facts: Facts & Pick<SimCall, 'timeLimitSeconds'> & Partial<Pick<SimCall, 'parameters'>>,
  status: string,
): Facts & CallRecord {
  const acceptedAt = new Date(now());
  return {
    parameters: {},
    ...facts,
    state: 'queued',
    status,
    statusHistory: [{ status, at: acceptedAt }],
    end: undefined,
    heard: [],
    said: [],
    acceptedAt,
    answeredAt: undefined,
    endedAt: undefined,
    durationSeconds: 0,
    webhooks: [],
    problems: [],
  };
}
