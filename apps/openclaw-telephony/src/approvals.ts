import { approvedText } from '@openclaw/pairing-store';
import { isE164, TelephonyError } from '@openclaw/telephony-core';
import { digestId, type Logger, type TelephonyServer } from '@openclaw/telephony-server';
import type { KeyValueStore } from '@openclaw/telephony-store';

/** What {@link createApprovals} takes. */
export interface ApprovalsOptions {
  readonly keyValue: KeyValueStore;
  readonly accountId: string;
  /** The numbers that the host's pairing store lets in now. */
  readonly approved: () => Promise<readonly string[]>;
  readonly server: () => Pick<TelephonyServer, 'send'>;
  readonly logger: Logger;
  /** How often the host's list is looked at while somebody waits; default 1000. */
  readonly intervalMs?: number;
}

/** Tells people once that they were let in. */
export interface Approvals {
  /** A code was given out. Survives a restart. */
  asked(sender: string, code: string): Promise<void>;
  /** Sends the confirmation, if it was not sent; resolves with whether somebody was waiting for it. */
  confirm(sender: string): Promise<boolean>;
  /** Begins to look for approvals of those who were given a code. */
  start(): Promise<void>;
  close(): Promise<void>;
}

/** About a minute, at a look a second. */
const longestRestCount = 60;

/** What will not pass: whoever said STOP, or whom a policy keeps out by now. */
const final: ReadonlySet<string> = new Set([
  'recipient_opted_out',
  'permission_denied',
  'invalid_recipient',
]);

const isFinal = (error: unknown): boolean =>
  TelephonyError.isInstance(error) && error.outcome === 'not-performed' && final.has(error.code);

/** A code works for an hour; who is approved in its last second is still told. */
const askedTtlMs = 2 * 3_600_000;

/**
 * `openclaw pairing approve` runs in a process of its own and cannot send: the approval is seen here, in the host's
 * list. However it is seen, and however often, the id of the send is made of the code, so that one text leaves.
 */
export function createApprovals(options: ApprovalsOptions): Approvals {
  const { keyValue, approved, server, logger, intervalMs = 1000 } = options;
  const prefix = `openclaw/asked/${options.accountId}/`;
  const waiting = new Set<string>();
  /** Those who could not be told just now, and for how many looks they are left alone. */
  const resting = new Map<string, { readonly failureCount: number; restCount: number }>();
  let isListOutOfReach = false;
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();
  let closed = false;

  async function confirm(sender: string): Promise<boolean> {
    const entry = await keyValue.get(prefix + sender);
    if (entry === undefined || !isE164(sender)) return false;
    await server().send({
      id: digestId('approved', sender, entry.value),
      to: sender,
      text: approvedText(),
      purpose: 'notice',
    });
    await forget(sender);
    return true;
  }

  async function forget(sender: string): Promise<void> {
    await keyValue.delete(prefix + sender);
    waiting.delete(sender);
    resting.delete(sender);
  }

  async function look(): Promise<void> {
    const allowed = await approved().catch(() => undefined);
    if (allowed === undefined) {
      if (!isListOutOfReach) logger.warn({}, 'approvals cannot be confirmed now; tried again');
      isListOutOfReach = true;
      return;
    }
    isListOutOfReach = false;
    for (const sender of waiting) await lookAt(sender, allowed.includes(sender));
  }

  /** One who cannot be told must not keep the others waiting. */
  async function lookAt(sender: string, isAllowed: boolean): Promise<void> {
    const rest = resting.get(sender);
    if (rest !== undefined && rest.restCount > 0) {
      rest.restCount -= 1;
      return;
    }
    try {
      if (isAllowed) await confirm(sender);
      else if ((await keyValue.get(prefix + sender)) === undefined) waiting.delete(sender);
    } catch (error) {
      if (!isFinal(error)) return restAfter(sender, (rest?.failureCount ?? 0) + 1);
      logger.warn({}, 'somebody who was approved may not be texted: they are not told');
      // When even that fails, the next look finds them again.
      await forget(sender).catch(() => restAfter(sender, 1));
    }
  }

  function restAfter(sender: string, failureCount: number): void {
    if (failureCount === 1) {
      logger.warn({}, 'somebody who was approved cannot be told now; tried again');
    }
    resting.set(sender, { failureCount, restCount: Math.min(2 ** failureCount, longestRestCount) });
  }

  function plan(): void {
    if (closed || timer !== undefined || waiting.size === 0) return;
    timer = setTimeout(() => {
      looking = look().finally(() => {
        timer = undefined;
        plan();
      });
    }, intervalMs);
    timer.unref();
  }

  return {
    async asked(sender, code) {
      await keyValue.set(prefix + sender, code, { ttlMs: askedTtlMs });
      waiting.add(sender);
      plan();
    },
    confirm,
    async start() {
      for await (const { key } of keyValue.list(prefix)) waiting.add(key.slice(prefix.length));
      plan();
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      await looking;
    },
  };
}
