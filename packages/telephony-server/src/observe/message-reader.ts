import type { KeyValueStore } from '@openclaw/telephony-store';
import type { Delivery, DeliveryTracker } from '../delivery/deliveries.ts';
import { type LoggedMessage, logPrefix, parseLogEntry } from './message-log-entry.ts';
import type { SendLedger, SendProgress } from '../outbox/send-progress.ts';

/** Which messages of the log are wanted. */
export interface MessageFilter {
  readonly direction?: LoggedMessage['direction'];
  /** The other person's number. */
  readonly with?: string;
}

/** A message of the log with everything that is known of it. */
export interface MessageDetails {
  readonly message: LoggedMessage;
  /** How far it has come; absent for a text that arrived, and until a send begins. */
  readonly progress?: SendProgress;
  /** What the carrier says of each message that it accepted. */
  readonly deliveries: readonly Delivery[];
}

/** Reads the log of texts. */
export interface MessageReader {
  /** The newest first; `after` is the id of the last message of the page before. `limit` defaults to 50. */
  list(
    options?: MessageFilter & { readonly limit?: number; readonly after?: string },
  ): Promise<readonly LoggedMessage[]>;
  /** One message: by its id in the log, the id of its send, or the carrier's id of a text or of one of its messages. */
  show(id: string): Promise<MessageDetails | undefined>;
  /**
   * Messages as they are written down from the first look on, the oldest first, until the signal is aborted. Looks every
   * `pollMs`; default 1 s.
   */
  tail(
    options: MessageFilter & { readonly signal: AbortSignal; readonly pollMs?: number },
  ): AsyncIterable<LoggedMessage>;
}

/** So far behind the newest message another process may still write one down. */
const lookBackMs = 10_000;

/** Makes the reader of one account's log. */
export function createMessageReader(options: {
  readonly keyValue: KeyValueStore;
  readonly sends: Pick<SendLedger, 'get'>;
  readonly deliveries: Pick<DeliveryTracker, 'get'>;
}): MessageReader {
  const { keyValue, sends, deliveries } = options;

  async function* newestFirst(after?: string): AsyncGenerator<LoggedMessage> {
    const from = after === undefined ? {} : { after: logPrefix + after };
    for await (const entry of keyValue.list(logPrefix, from)) {
      const message = parseLogEntry(entry);
      if (message !== undefined) yield message;
    }
  }

  async function since(ms: number, limit = Infinity): Promise<readonly LoggedMessage[]> {
    const found: LoggedMessage[] = [];
    for await (const message of newestFirst()) {
      if (message.at.getTime() < ms || found.length >= limit) break;
      found.push(message);
    }
    return found;
  }

  async function detailsOf(message: LoggedMessage): Promise<MessageDetails> {
    const { sendId } = message;
    const progress = sendId === undefined ? undefined : await sends.get(sendId);
    const known = await Promise.all(acceptedIn(progress).map((id) => deliveries.get(id)));
    return {
      message,
      ...(progress === undefined ? {} : { progress }),
      deliveries: known.filter((delivery) => delivery !== undefined),
    };
  }

  async function find(id: string): Promise<LoggedMessage | undefined> {
    const entry = await keyValue.get(logPrefix + id);
    if (entry !== undefined) return parseLogEntry(entry);
    // The carrier's id of a message of ours leads to its send.
    const wanted = (await deliveries.get(id))?.sendId ?? id;
    for await (const message of newestFirst()) {
      const { sendId, messageId, inboxId } = message;
      if (sendId === wanted || messageId === id || inboxId === id) return message;
    }
    return undefined;
  }

  return {
    async list({ limit = 50, after, ...filter } = {}) {
      const found: LoggedMessage[] = [];
      if (limit <= 0) return found;
      for await (const message of newestFirst(after)) {
        if (matches(message, filter)) found.push(message);
        if (found.length >= limit) break;
      }
      return found;
    },
    async show(id) {
      const message = await find(id);
      return message && detailsOf(message);
    },
    async *tail({ signal, pollMs = 1000, ...filter }) {
      let known = await since(-Infinity, 1);
      let boundaryMs = boundaryOf(known);
      known = await since(boundaryMs);
      while (!signal.aborted) {
        await pause(pollMs, signal);
        if (signal.aborted) return;
        const recent = await since(boundaryMs);
        const seen = new Set(known.map(({ id }) => id));
        for (const message of recent.toReversed()) {
          if (!seen.has(message.id) && matches(message, filter)) yield message;
        }
        boundaryMs = Math.max(boundaryMs, boundaryOf(recent));
        known = recent;
      }
    },
  };
}

/** From where on something may still be written down. */
const boundaryOf = ([newest]: readonly LoggedMessage[]): number =>
  newest === undefined ? -Infinity : newest.at.getTime() - lookBackMs;

function matches({ direction, from, to }: LoggedMessage, filter: MessageFilter): boolean {
  if (filter.direction !== undefined && filter.direction !== direction) return false;
  const other = direction === 'inbound' ? from : to;
  return filter.with === undefined || filter.with === other;
}

const acceptedIn = (progress: SendProgress | undefined): readonly string[] =>
  (progress?.messages ?? []).flatMap((message) =>
    message.state === 'accepted' ? [message.messageId] : [],
  );

/** Resolves early when the signal is aborted. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}
