import type { KeyValueStore } from '@openclaw/telephony-store';
import { type ApprovedSender, createApprovals } from './approvals.ts';
import { createCode, cryptoRandomBytes, normalizeCode, type RandomBytes } from './code.ts';
import { assertIdentity } from './identity.ts';
import { redeem } from './redeem.ts';
import { createRequestRecord, type StoredRequest } from './request-record.ts';

/** What {@link createPairingStore} takes. */
export interface PairingStoreOptions {
  readonly keyValue: KeyValueStore;
  /** Which of several accounts on one store this is; each has its own people, codes and caps. Default `default`. */
  readonly accountId?: string;
  /** The clock; default the machine's. */
  readonly now?: () => Date;
  /** Where codes come from; default `crypto.getRandomValues`. */
  readonly randomBytes?: RandomBytes;
  /** How long a code works, in milliseconds; default 60 minutes. */
  readonly ttlMs?: number;
  /** How many people of this account may be waiting at once; default 3. */
  readonly maxPending?: number;
  /** After so many wrong codes a request is void; default 10. */
  readonly maxAttempts?: number;
}

/** What {@link PairingStore.request} answers. Only `created` is a reason to send a text. */
export type PairingRequest =
  | { readonly status: 'created' | 'pending'; readonly code: string; readonly expiresAt: Date }
  /** As many people wait as may; nobody else gets a code until one of them is approved, or expires. */
  | { readonly status: 'full' }
  | { readonly status: 'approved' };

/** What {@link PairingStore.approve} answers. */
export type PairingApproval =
  | { readonly status: 'approved' | 'already-approved'; readonly sender: string }
  /** Right once, but too late: the person texts again and gets a new code. */
  | { readonly status: 'expired'; readonly sender: string }
  /** Right, but too many wrong ones came before: the person texts again and gets a new code. */
  | { readonly status: 'too-many-attempts'; readonly sender: string }
  | { readonly status: 'unknown-code' };

/** Somebody who waits to be let in. */
export interface PendingSender {
  readonly sender: string;
  readonly code: string;
  readonly requestedAt: Date;
  readonly expiresAt: Date;
}

/**
 * Who asked to be let in, and who was. Senders are compared as they are, character by character.
 *
 * Every method passes on what the key-value store throws; a method that takes a sender throws `TypeError` for an
 * empty or anonymous one, but for `isApproved`, which answers false.
 */
export interface PairingStore {
  /** Somebody who is not known texts: makes the one code of this sender, or tells what there is already. */
  request(sender: string): Promise<PairingRequest>;
  /**
   * The owner gives a code back. A wrong code counts against every pending request, or only against that of
   * `sender`; nobody who was approved notices.
   */
  approve(code: string, options?: { readonly sender?: string }): Promise<PairingApproval>;
  /** Takes an approval back, and a pending request with it; false when there was no approval. */
  revoke(sender: string): Promise<boolean>;
  isApproved(sender: string): Promise<boolean>;
  approved(): Promise<readonly ApprovedSender[]>;
  /** Who waits, oldest first. */
  pending(): Promise<readonly PendingSender[]>;
}

/**
 * Makes a pairing store: a stranger gets a code, the owner gives it back, the stranger is let in.
 *
 * All promises hold with any number of processes on one key-value store: one code and one `created` for each sender,
 * at most `maxPending` waiting, one `approved` for each code.
 *
 * Throws `RangeError` for a limit below 1.
 *
 * @example
 * const pairing = createPairingStore({ keyValue: createMemoryStore().keyValue });
 * const asked = await pairing.request('+15550100123');
 * if (asked.status === 'created') console.log(asked.code);
 */
export function createPairingStore(options: PairingStoreOptions): PairingStore {
  const { keyValue, accountId = 'default', randomBytes = cryptoRandomBytes } = options;
  const { ttlMs = 60 * 60_000, maxPending = 3, maxAttempts = 10 } = options;
  assertAtLeastOne({ ttlMs, maxPending, maxAttempts });
  const now = options.now ?? (() => new Date());
  const isPending = (request: StoredRequest): boolean =>
    !request.redeemed && request.wrongCount < maxAttempts && now().getTime() < request.expiresAtMs;

  const prefix = `pairing/${encodeURIComponent(accountId)}`;
  const approvals = createApprovals(keyValue, `${prefix}/approved/`);
  const record = createRequestRecord({
    keyValue,
    key: `${prefix}/requests`,
    // Longer than any code works, so that an expired one is still known as such.
    ttlMs: 2 * ttlMs,
    isPending,
  });

  return {
    async request(sender) {
      assertIdentity(sender);
      return record.update<PairingRequest>(async (requests) => {
        // Read after the record: an approval that comes later changes the record, and this runs again.
        if (await approvals.has(sender)) return { answer: { status: 'approved' } };
        const pending = requests.filter(isPending);
        const own = pending.find((request) => request.sender === sender);
        if (own !== undefined) return { answer: { status: 'pending', ...issued(own) } };
        if (pending.length >= maxPending) return { answer: { status: 'full' } };
        const requestedAtMs = now().getTime();
        const created: StoredRequest = {
          sender,
          code: createUnusedCode(randomBytes, requests),
          requestedAtMs,
          expiresAtMs: requestedAtMs + ttlMs,
          wrongCount: 0,
          redeemed: false,
        };
        const others = requests.filter((request) => request.sender !== sender);
        return {
          answer: { status: 'created', ...issued(created) },
          requests: [...others, created],
        };
      });
    },

    async approve(typed, { sender } = {}) {
      if (sender !== undefined) assertIdentity(sender);
      const code = normalizeCode(typed);
      const outcome = await record.update((requests) =>
        redeem(requests, { code, sender, isPending, maxAttempts }),
      );
      if (outcome.status === 'unknown-code') return { status: 'unknown-code' };
      const { status, sender: whose } = outcome;
      if (status !== 'redeemed') return { status, sender: whose };
      // Also for a code that was redeemed before: the process may have died before this line.
      const added = await approvals.add(whose, now());
      return { status: added ? 'approved' : 'already-approved', sender: whose };
    },

    async revoke(sender) {
      assertIdentity(sender);
      // The codes first: a redeemed one would bring the approval back.
      await record.update((requests) => {
        const others = requests.filter((request) => request.sender !== sender);
        return others.length === requests.length
          ? { answer: undefined }
          : { answer: undefined, requests: others };
      });
      return approvals.remove(sender);
    },

    isApproved: async (sender) => sender !== '' && approvals.has(sender),
    approved: () => approvals.list(),
    async pending() {
      const pending = (await record.read()).filter(isPending);
      return pending.map((request) => {
        const { sender, requestedAtMs } = request;
        return Object.assign(issued(request), { sender, requestedAt: new Date(requestedAtMs) });
      });
    },
  };
}

const issued = ({ code, expiresAtMs }: StoredRequest): { code: string; expiresAt: Date } => ({
  code,
  expiresAt: new Date(expiresAtMs),
});

function createUnusedCode(randomBytes: RandomBytes, requests: readonly StoredRequest[]): string {
  for (let tries = 0; tries < 100; tries += 1) {
    const code = createCode(randomBytes);
    if (!requests.some((request) => request.code === code)) return code;
  }
  throw new RangeError('randomBytes gives the same bytes again and again');
}

function assertAtLeastOne(limits: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(limits)) {
    if (!(value >= 1 && value < Infinity)) throw new RangeError(`${name} must be at least 1`);
  }
}
