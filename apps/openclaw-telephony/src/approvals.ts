import { approvedText } from '@openclaw/pairing-store';
import { isE164 } from '@openclaw/telephony-core';
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
    await keyValue.delete(prefix + sender);
    waiting.delete(sender);
    return true;
  }

  async function look(): Promise<void> {
    try {
      const allowed = new Set(await approved());
      for (const sender of waiting) {
        if (allowed.has(sender)) await confirm(sender);
        else if ((await keyValue.get(prefix + sender)) === undefined) waiting.delete(sender);
      }
    } catch {
      logger.warn({}, 'approvals cannot be confirmed now; tried again');
    }
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
