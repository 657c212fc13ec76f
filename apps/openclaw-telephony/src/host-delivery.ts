import { isE164, TelephonyError } from '@openclaw/telephony-core';
import { digestId } from '@openclaw/telephony-server';
import { StoreError } from '@openclaw/telephony-store';
import { createChannelPartialDeliveryError } from 'openclaw/plugin-sdk/channel-inbound';
import { createMessageReceiptFromOutboundResults } from 'openclaw/plugin-sdk/channel-outbound';
import { PlatformMessageNotDispatchedError } from 'openclaw/plugin-sdk/error-runtime';
import { readAccount } from './account.ts';
import { channelId } from './channel-id.ts';
import { mediaOf, MediaError, type ReadFile } from './outbound-media.ts';
import { toNumber } from './phone.ts';
import { plainText } from './plain-text.ts';
import { purposeOf } from './purpose.ts';
import { awaitAccount, problemOf, type RunningAccount } from './running.ts';
import type { HostConfig } from './section.ts';
import {
  outcomeOf,
  PartialSendError,
  sendAndWait,
  type SendResult,
  UnknownSendError,
} from './send.ts';
import { carrierProblem } from './target-carrier.ts';

/** What the host hands to us for one message. */
export interface HostSend {
  readonly cfg: HostConfig;
  readonly to: string;
  readonly text?: string;
  readonly mediaUrl?: string;
  readonly mediaReadFile?: ReadFile;
  readonly mediaAccess?: { readonly readFile?: ReadFile };
  readonly accountId?: string | null;
  readonly signal?: AbortSignal;
  /** The host's own durable record of this send: the same when it tries again. */
  readonly deliveryQueueId?: string;
  readonly deliveryPartIndex?: number;
  readonly onPlatformSendDispatch?: () => Promise<void>;
  readonly assertDirectAdapterHandoff?: () => void;
}

/** A reload takes the server away for a moment. */
const serverWaitMs = 10_000;

/**
 * Sends one message of the host's. Its durable queue and our outbox meet here: the id is made of the host's queue
 * entry, so that however often the host tries, the outbox takes one send, and once it has it, it alone tries again.
 */
export async function deliver(request: HostSend, kind: 'text' | 'media'): Promise<HostReceipt> {
  const account = await accountFor(request);
  const to = recipientOf(request);
  const text = plainText(request.text ?? '');
  const media =
    request.mediaUrl === undefined
      ? []
      : [
          await mediaOf(
            request.mediaUrl,
            request.mediaReadFile ?? request.mediaAccess?.readFile,
          ).catch(refuseMedia),
        ];
  // An empty text is nothing to send, and no failure: the host writes some for itself alone.
  if (text === '' && media.length === 0) {
    throw notDispatched('there is nothing to send: no text and no media', undefined, false);
  }
  await request.onPlatformSendDispatch?.();
  request.assertDirectAdapterHandoff?.();
  const id = sendIdOf(request.deliveryQueueId, request.deliveryPartIndex);
  try {
    const result = await sendAndWait(
      account.server,
      {
        id,
        to,
        text,
        media,
        purpose: await purposeOf(to, account.awaited),
      },
      request.signal === undefined ? {} : { signal: request.signal },
    );
    return receiptOf(result, to, kind);
  } catch (error) {
    throw toHostError(error, to, kind);
  }
}

function refuseMedia(error: unknown): never {
  if (!(error instanceof MediaError)) throw error;
  throw notDispatched(error.message, error, false);
}

/** The same id whenever the host tries the same part of the same delivery again. */
export function sendIdOf(queueId: string | undefined, part: number | undefined): string {
  return queueId === undefined
    ? digestId('host', crypto.randomUUID())
    : digestId('host', queueId, String(part ?? 0));
}

/** What the host keeps of a send. */
export interface HostReceipt {
  readonly channel: string;
  readonly messageId: string;
  readonly receipt: ReturnType<typeof createMessageReceiptFromOutboundResults>;
}

function receiptOf(
  { id, messageIds }: SendResult,
  to: string,
  kind: 'text' | 'media',
): HostReceipt {
  // What is still in the outbox has no id at the carrier yet; ours finds it as well.
  const ids = messageIds.length > 0 ? messageIds : [id];
  return {
    channel: channelId,
    messageId: ids[0] ?? id,
    receipt: createMessageReceiptFromOutboundResults({
      results: ids.map((messageId) => ({
        channel: channelId,
        messageId,
        chatId: to,
        conversationId: to,
      })),
      kind,
    }),
  };
}

/** What the host asks after a crash, when it does not know whether we took its send. */
export interface UnknownHostSend {
  readonly cfg: HostConfig;
  readonly queueId: string;
  readonly to: string;
  readonly accountId?: string | null;
  readonly payloads: readonly {
    readonly mediaUrls?: readonly string[];
    readonly mediaUrl?: string;
  }[];
}

/** The outbox knows: a send that it never took did not leave, and one that it took is its own. */
export async function reconcile(asked: UnknownHostSend) {
  const account = await accountFor(asked);
  const parts = Math.max(1, ...asked.payloads.map(({ mediaUrls = [] }) => mediaUrls.length));
  const kind = asked.payloads.some(({ mediaUrl }) => mediaUrl !== undefined) ? 'media' : 'text';
  const found: string[] = [];
  for (let part = 0; part < parts; part += 1) {
    const id = sendIdOf(asked.queueId, part);
    const progress = await account.server.sendProgress(id);
    if (progress === undefined) {
      // Trying again is safe also for what waits in the outbox: it knows the id.
      return { status: 'not_sent' as const };
    }
    try {
      const { messageIds } = outcomeOf(progress);
      found.push(...(messageIds.length > 0 ? messageIds : [id]));
    } catch (error) {
      if (error instanceof PartialSendError) found.push(...error.messageIds);
      else if (error instanceof UnknownSendError) {
        return { status: 'unresolved' as const, error: error.message, retryable: false };
      } else return { status: 'not_sent' as const };
    }
  }
  const result = { id: found[0] ?? '', messageIds: found, state: 'accepted' as const };
  const { receipt, messageId } = receiptOf(
    { ...result, messageCount: 0, segmentCount: 0 },
    asked.to,
    kind,
  );
  return { status: 'sent' as const, receipt, messageId };
}

async function accountFor({
  cfg,
  accountId,
}: Pick<HostSend, 'cfg' | 'accountId'>): Promise<RunningAccount> {
  const { accountId: id } = readAccount(cfg, accountId ?? null);
  const account = await awaitAccount(id, serverWaitMs);
  if (account !== undefined) return account;
  const why =
    problemOf(id) ?? 'it runs in the gateway: is the gateway running, and the account enabled?';
  throw notDispatched(`telephony account "${id}" does not run: ${why}`, undefined, true);
}

function recipientOf({ cfg, to, accountId }: HostSend) {
  const account = readAccount(cfg, accountId ?? null);
  // Only where nobody is named: what is no number is somebody else, and must not become them.
  const number = toNumber(to.trim() === '' ? (account.defaultTo ?? '') : to);
  const problem = carrierProblem(to, account, cfg);
  if (problem === undefined && isE164(number)) return number;
  const what = problem ?? 'the recipient must be a number as +15550100123';
  throw notDispatched(what, undefined, false);
}

const notDispatched = (message: string, cause: unknown, retryable: boolean): Error =>
  new PlatformMessageNotDispatchedError(message, { cause, retryable });

/** What passes by itself is worth trying again: a limit, a carrier that is out. */
const passing: ReadonlySet<string> = new Set([
  'rate_limited',
  'limit_reached',
  'provider_unavailable',
  'network',
  'timeout',
  'aborted',
]);

function toHostError(error: unknown, to: string, kind: 'text' | 'media'): unknown {
  if (error instanceof PartialSendError) {
    const { receipt } = receiptOf(
      { id: '', state: 'accepted', messageIds: error.messageIds, messageCount: 0, segmentCount: 0 },
      to,
      kind,
    );
    return createChannelPartialDeliveryError(error, {
      messageIds: [...error.messageIds],
      receipt,
      visibleReplySent: true,
    });
  }
  // What the outbox could not write down did not leave; and if it could, the id is the same the next time.
  if (StoreError.isInstance(error)) return notDispatched(error.message, error, true);
  if (!TelephonyError.isInstance(error) || error.outcome !== 'not-performed') return error;
  return notDispatched(error.message, error, passing.has(error.code));
}
