import {
  TelephonyError,
  type TelephonyEvent,
  type VerifiedWebhook,
  type WebhookReceiver,
  type WebhookReply,
  type WebhookRequest,
} from '@openclaw/telephony-core';
import type { WorkQueue } from '@openclaw/telephony-store';
import type { Backlog } from '../inbox/backlog.ts';
import type { Calls } from '../calls/calls.ts';
import { correlationIdOf } from '../observe/correlation.ts';
import {
  type InboxItem,
  laneOf,
  type SignalItem,
  type TextItem,
  toInboxItem,
} from '../inbox/inbox-item.ts';
import { isRead, type LogFields, type Logger, reasonOf } from '../observe/logger.ts';
import { type Refusal, refusal } from './refusal.ts';

/** Takes a webhook in: verified, parsed, durable, and only then acknowledged. */
export type Ingress = (request: WebhookRequest, sendRef?: string) => Promise<Taken>;

/** What became of a webhook, and what the carrier is told. */
export interface Taken {
  readonly answer:
    | 'accepted'
    | 'duplicate'
    | 'nothing_to_do'
    | 'rejected'
    | 'limited'
    | 'unavailable';
  readonly reply: WebhookReply | Refusal;
  /** Everything in it is on the disk, now or since an earlier time. */
  readonly isDurable?: true;
  /** Why it was rejected; of a closed list, or the class of an error. */
  readonly reason?: string;
}

/** What {@link createIngress} takes. */
export interface IngressOptions {
  readonly webhooks: WebhookReceiver;
  readonly texts: WorkQueue<TextItem>;
  readonly signals: WorkQueue<SignalItem>;
  readonly backlog: Backlog;
  /** Absent: calls are acknowledged, and nothing is done about them. */
  readonly calls?: Calls;
  /** Webhooks written at once; default 1,024. A store that is slower than the carrier must not fill the memory. */
  readonly maxWrites?: number;
  readonly logger: Logger;
}

/** An item under the id that keeps it from being stored twice. */
interface Arrived {
  readonly id: string;
  readonly lane: string;
  readonly item: InboxItem;
}

/**
 * Makes the way in. What it answers is meant for the carrier: 401 is final; 429 and 503, both before anything was
 * written, ask it to come again.
 */
export function createIngress(options: IngressOptions): Ingress {
  const { webhooks, texts, signals, backlog, calls, maxWrites = 1024, logger } = options;
  let writes = 0;

  return async (request, sendRef) => {
    const verified = verify(webhooks, request);
    if (verified instanceof Error) {
      const reason = TelephonyError.isInstance(verified) ? verified.reason : undefined;
      return {
        answer: 'rejected',
        reply: refusal(401, reason ?? 'webhook refused'),
        reason: reason ?? reasonOf(verified),
      };
    }
    if (writes >= maxWrites) {
      logger.warn(
        { writes },
        'webhook not taken: the store is slow; the carrier is asked to retry',
      );
      return { answer: 'unavailable', reply: refusal(503, 'busy: try again later', 1) };
    }
    writes += 1;
    try {
      const events = webhooks.parse(verified);
      // A call goes on now or not at all: what to do next is the answer, and nothing of it waits in a queue.
      const onCall = events.find((event) => 'call' in event);
      if (calls !== undefined && onCall !== undefined && 'call' in onCall) {
        return { answer: 'accepted', reply: await calls.answer(onCall, sendRef) };
      }
      return await store(arrivals(verified, events, sendRef));
    } catch (error) {
      logger.error(
        { reason: reasonOf(error) },
        'webhook not stored; the carrier is asked to retry',
      );
      return { answer: 'unavailable', reply: refusal(503, 'try again later', 5) };
    } finally {
      writes -= 1;
    }
  };

  function arrivals(
    verified: VerifiedWebhook,
    events: readonly TelephonyEvent[],
    sendRef: string | undefined,
  ): readonly Arrived[] {
    const { bodyAuthenticated } = verified;
    const arrived: Arrived[] = [];
    for (const event of events) {
      const item = toInboxItem(event, { sendRef, bodyAuthenticated });
      const id = event.dedupeKey;
      if (item === undefined) logger.info({ inboxId: id, type: event.type }, 'nothing to do');
      else arrived.push({ id, lane: laneOf(item), item });
    }
    return arrived;
  }

  async function store(arrived: readonly Arrived[]): Promise<Taken> {
    for (const { id, lane, item } of arrived) {
      const verdict = backlog.refuses(item, lane);
      const refused = verdict instanceof Promise ? await verdict : verdict;
      if (refused === undefined) continue;
      logger.warn(
        { ...nameOf(id, item), status: refused.status },
        'webhook turned away: too much waits already; the carrier is asked to retry',
      );
      return { answer: refused.status === 429 ? 'limited' : 'unavailable', reply: refused };
    }
    let isNew = false;
    for (const one of arrived) isNew = noteAdded(one, await add(one)) || isNew;
    const reply = webhooks.acknowledgement;
    if (arrived.length === 0) return { answer: 'nothing_to_do', reply };
    return { answer: isNew ? 'accepted' : 'duplicate', reply, isDurable: true };
  }

  function add({ id, lane, item }: Arrived): Promise<'added' | 'duplicate'> {
    return item.kind === 'text'
      ? texts.add({ id, lane, payload: item })
      : signals.add({ id, lane, payload: item });
  }

  function noteAdded({ id, item }: Arrived, added: 'added' | 'duplicate'): boolean {
    const isNew = added === 'added';
    if (isNew) backlog.added(item);
    if (isRead(logger, 'info')) logger.info(nameOf(id, item), isNew ? 'admitted' : 'seen before');
    return isNew;
  }
}

function verify(webhooks: WebhookReceiver, request: WebhookRequest): VerifiedWebhook | Error {
  try {
    return webhooks.verify(request);
  } catch (error) {
    return error instanceof Error ? error : new Error(reasonOf(error));
  }
}

/** A receipt belongs to the text that its message answers, which only the record of that message tells. */
const nameOf = (id: string, item: InboxItem): LogFields =>
  item.kind === 'receipt'
    ? { kind: item.kind, messageId: item.messageId, inboxId: id }
    : { kind: item.kind, correlationId: correlationIdOf(id), inboxId: id };
