import { hasE164Shape, isIdentity } from './identity.ts';
import type { PairingStore } from './pairing-store.ts';

/** Who may reach the application. */
export type AccessPolicyName = 'disabled' | 'allowlist' | 'pairing' | 'open';

/** Why somebody is not answered. For the log; the sender learns nothing. */
export type IgnoreReason =
  | 'disabled'
  | 'no-identity'
  | 'not-on-allowlist'
  | 'not-pairable'
  | 'too-many-pending'
  | 'store-unavailable';

/** What to do with somebody who texts or calls. */
export type AccessDecision =
  | { readonly access: 'allow' }
  | { readonly access: 'ignore'; readonly because: IgnoreReason }
  | {
      readonly access: 'pair';
      readonly code: string;
      /** True for the one decision that made the code. Nobody else is to be sent a text. */
      readonly isNew: boolean;
      readonly expiresAt: Date;
    };

/** What {@link createAccessPolicy} takes. */
export interface AccessPolicyOptions {
  readonly policy: AccessPolicyName;
  /** Senders that are always let in, written exactly as the carrier writes them; `*` belongs to `open` alone. */
  readonly allowFrom: readonly string[];
  /** Needed by the policy `pairing`, and used by no other. */
  readonly pairing?: PairingStore;
  /** Who may get a code; by default what has the shape of E.164, for nobody can answer a short code or a name. */
  readonly isPairable?: (sender: string) => boolean;
  /** Told when the pairing store failed. */
  readonly onError?: (error: unknown) => void;
}

/** The access policy of one account. */
export interface AccessPolicy {
  /** Somebody is at the door. May create a pairing code. Never throws: a store that fails lets nobody in. */
  decide(sender: string): Promise<AccessDecision>;
  /**
   * Whether somebody was let in by name: listed or approved. `open` lets everybody in by nobody's name, so it admits only
   * those. Creates no code; false when the store fails.
   */
  admits(sender: string): Promise<boolean>;
}

/**
 * Decides who is let in. Senders must equal an entry character by character; empty and anonymous ones never do.
 *
 * `disabled`: nobody. `allowlist`: `allowFrom`, and silence for the rest. `pairing`: `allowFrom`, those who were
 * approved, and a code for the rest. `open`: everybody who has an identity, and only with `allowFrom: ['*']`.
 *
 * Throws `TypeError` for options that contradict each other; the message says what to change.
 *
 * @example
 * const policy = createAccessPolicy({ policy: 'allowlist', allowFrom: ['+15550100123'] });
 * const { access } = await policy.decide('+15550100199');
 * console.log(access); // ignore
 */
export function createAccessPolicy(options: AccessPolicyOptions): AccessPolicy {
  const { policy, pairing, isPairable = hasE164Shape, onError = () => {} } = options;
  assertConsistent(options);
  const listed = new Set(options.allowFrom);

  /** The decision, or the store to ask for one. */
  function lookUp(sender: string): AccessDecision | { readonly ask: PairingStore } {
    if (policy === 'disabled') return ignore('disabled');
    if (!isIdentity(sender)) return ignore('no-identity');
    if (policy === 'open' || listed.has(sender)) return { access: 'allow' };
    if (policy === 'allowlist' || pairing === undefined) return ignore('not-on-allowlist');
    return isPairable(sender) ? { ask: pairing } : ignore('not-pairable');
  }

  async function isApproved(store: PairingStore | undefined, sender: string): Promise<boolean> {
    try {
      return (await store?.isApproved(sender)) ?? false;
    } catch (error) {
      onError(error);
      return false;
    }
  }

  return {
    async decide(sender) {
      const found = lookUp(sender);
      if ('access' in found) return found;
      try {
        return await askForPairing(found.ask, sender);
      } catch (error) {
        onError(error);
        return ignore('store-unavailable');
      }
    },
    async admits(sender) {
      if (policy === 'open' && isIdentity(sender) && !listed.has(sender)) {
        return isApproved(pairing, sender);
      }
      const found = lookUp(sender);
      if ('access' in found) return found.access === 'allow';
      return isApproved(found.ask, sender);
    },
  };
}

async function askForPairing(pairing: PairingStore, sender: string): Promise<AccessDecision> {
  const asked = await pairing.request(sender);
  if (asked.status === 'approved') return { access: 'allow' };
  if (asked.status === 'full') return ignore('too-many-pending');
  const { code, expiresAt, status } = asked;
  return { access: 'pair', code, isNew: status === 'created', expiresAt };
}

const ignore = (because: IgnoreReason): AccessDecision => ({ access: 'ignore', because });

function assertConsistent({ policy, allowFrom, pairing }: AccessPolicyOptions): void {
  const allowsAll = allowFrom.includes('*');
  if (policy === 'open' && !allowsAll) {
    throw new TypeError(
      'the policy "open" lets everybody in: confirm it with allowFrom: ["*"], or choose "pairing"',
    );
  }
  if (policy !== 'open' && allowsAll) {
    throw new TypeError(
      `allowFrom holds "*", which the policy "${policy}" does not know: choose the policy "open", or remove it`,
    );
  }
  if (!allowFrom.every((sender) => isIdentity(sender))) {
    throw new TypeError('allowFrom holds an empty or anonymous entry: remove it');
  }
  if (policy === 'pairing' && pairing === undefined) {
    throw new TypeError('the policy "pairing" needs a pairing store: pass `pairing`');
  }
}
