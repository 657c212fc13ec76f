import type { E164 } from './address.ts';
import type { CallEvent } from './event.ts';
import type { CallOptions, JsonObject, ProviderWarning } from './provider.ts';
import type { WebhookReply } from './webhook.ts';

/** Which call, at which provider. */
export interface CallRef {
  readonly providerId: string;
  readonly callId: string;
}

/** Why a call ended. `unrecognized` is a carrier's new word. */
export type CallEndReason =
  | 'completed'
  | 'busy'
  | 'no-answer'
  | 'rejected'
  | 'canceled'
  | 'failed'
  | 'unrecognized';

/** What a provider can do with calls. */
export interface VoiceCapabilities {
  readonly midCallUpdate: boolean;
  readonly gather: readonly ('digits' | 'speech')[];
  readonly mediaStream:
    | false
    | {
        readonly direction: 'receive' | 'bidirectional';
        readonly encodings: readonly AudioEncoding[];
        readonly marks: boolean;
        readonly clear: boolean;
      };
  readonly answeringMachineDetection: boolean;
  readonly callLookup: boolean;
}

/** A call to be made. */
export interface OutboundCall {
  readonly to: E164;
  readonly from: E164;
  readonly answerUrl: URL;
  readonly statusCallback?: URL;
  readonly ringTimeoutSeconds?: number;
  readonly maxDurationSeconds?: number;
  readonly detectMachine?: boolean;
  readonly providerOptions?: { readonly [providerId: string]: JsonObject };
}

/** Makes and steers calls. */
export interface VoiceProvider {
  readonly capabilities: VoiceCapabilities;
  placeCall(
    call: OutboundCall,
    options?: CallOptions,
  ): Promise<{ readonly call: CallRef; readonly warnings: readonly ProviderWarning[] }>;
  /** Document carriers render XML into the reply; command carriers issue commands and reply empty. */
  respond(
    event: CallEvent,
    instructions: readonly CallInstruction[],
    options?: CallOptions,
  ): Promise<WebhookReply>;
  /** Idempotent: a call that has ended resolves. */
  hangUp(call: CallRef, options?: CallOptions): Promise<void>;
  update?(
    call: CallRef,
    instructions: readonly CallInstruction[],
    options?: CallOptions,
  ): Promise<void>;
  getCall?(
    call: CallRef,
    options?: CallOptions,
  ): Promise<{ readonly ended: boolean; readonly raw: unknown }>;
  readonly mediaStream?: MediaStreamCodec;
}

/** One thing to do in a call. */
export type CallInstruction =
  | {
      readonly do: 'say';
      readonly text: string;
      readonly voice?: string;
      readonly language?: string;
    }
  | { readonly do: 'play'; readonly url: URL }
  | { readonly do: 'pause'; readonly seconds: number }
  | {
      readonly do: 'gather';
      readonly input: readonly ('digits' | 'speech')[];
      readonly actionUrl: URL;
      readonly turn: string;
      readonly prompt?: readonly CallInstruction[];
      readonly maxDigits?: number;
      readonly timeoutSeconds?: number;
      readonly language?: string;
    }
  /** `wss:`; the one-time token travels as a stream parameter, because query strings are dropped on the way. */
  | { readonly do: 'stream'; readonly url: URL; readonly token: string }
  | { readonly do: 'send-digits'; readonly digits: string }
  | { readonly do: 'transfer'; readonly to: E164 }
  | { readonly do: 'redirect'; readonly url: URL }
  | { readonly do: 'reject'; readonly reason?: 'busy' | 'declined' }
  | { readonly do: 'hang-up' };

/** How audio samples are written: G.711 at 8 kHz, or 16-bit linear PCM at the rate that is named. */
export type AudioEncoding = 'g711-mulaw-8k' | 'g711-alaw-8k' | 'l16-8k' | 'l16-16k' | 'l16-24k';

/** The wire format of a media stream, and nothing else: no sockets, no timers. */
export interface MediaStreamCodec {
  decode(frame: string | Uint8Array): MediaStreamEvent;
  encode(command: MediaStreamCommand): string | Uint8Array;
}

/** What the carrier says on a media stream. */
export type MediaStreamEvent =
  | {
      readonly type: 'start';
      readonly streamId: string;
      readonly call: CallRef;
      readonly token?: string;
      readonly encoding: AudioEncoding;
    }
  | { readonly type: 'audio'; readonly audio: Uint8Array; readonly sequence?: number }
  | { readonly type: 'mark'; readonly name: string }
  | { readonly type: 'digits'; readonly digits: string }
  | { readonly type: 'stop' }
  | { readonly type: 'unknown'; readonly raw: unknown };

/** What we say on a media stream. */
export type MediaStreamCommand =
  | { readonly type: 'audio'; readonly streamId: string; readonly audio: Uint8Array }
  | { readonly type: 'mark'; readonly streamId: string; readonly name: string }
  | { readonly type: 'clear'; readonly streamId: string };
