import type { InboundMessage } from '@openclaw/telephony-core';
import type { ReceivedMedia } from '../media/media-received.ts';
import type { MediaSource } from '../media/media-source.ts';
import type { QueuedSend } from '../outbox/outbox.ts';

/** What an application answers with: a text, pictures and files, or both. */
export type ReplyContent =
  | string
  | { readonly text?: string; readonly media?: readonly MediaSource[] };

/**
 * Answers the sender. Resolves when the answer is in the outbox and cannot be lost.
 *
 * The same answer is sent once even if the handler runs again after a crash: the first call of a run is the first
 * answer, the second call the second.
 *
 * @throws {TelephonyError} when it may not be sent: `limit_reached`, `recipient_opted_out`, …; `aborted` once the run was
 * given up, see {@link MessageContext.signal}
 */
export type Reply = (content: ReplyContent) => Promise<QueuedSend>;

/** What a run is, whatever its text. */
export interface RunContext {
  /**
   * Aborted when this run is given up: it took longer than `handlerTimeoutMs`, or the server closes and its grace is
   * over. The text is handled again later, so a handler that hears it should stop.
   */
  readonly signal: AbortSignal;
  /** Stands in every log line about this text and its answers; survives a restart, and tells nothing about the text. */
  readonly correlationId: string;
  /** How often this text was started, this run included: 1 for the first. */
  readonly attempt: number;
  /** When the text was stored here; the same at every run. */
  readonly receivedAt: Date;
}

/** What a run of the application is told beside the text itself. */
export interface MessageContext extends RunContext {
  /**
   * Fetches what came with the text, at the first call and once: in the order of `message.media`, within the bounds of
   * `inboundMedia`. What cannot be had is `unavailable`, with a sentence that says so.
   *
   * @throws {Retry} when the carrier cannot deliver them now: let it through, and the text is handled again in a while
   */
  readonly media: () => Promise<readonly ReceivedMedia[]>;
}

/** A run of the application before it is known what it may fetch. */
export type RunHandler = (message: InboundMessage, reply: Reply, context: RunContext) => unknown;

/**
 * The application. It runs at least once for each text: again after a crash, a throw or a time-out, so what it does
 * beside answering should bear repetition.
 *
 * @example
 * const onMessage: MessageHandler = async (message, reply, { signal }) => {
 *   await reply(await askTheModel(message.text, { signal }));
 * };
 */
export type MessageHandler = (
  message: InboundMessage,
  reply: Reply,
  context: MessageContext,
) => unknown;
