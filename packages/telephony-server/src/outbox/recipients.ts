import { redactAddress, TelephonyError } from '@openclaw/telephony-core';
import type { AccessControl } from '../inbox/access.ts';

/**
 * Who asks for a send: `reply` to somebody who was let in, `notice` of ours (pairing, opt-out), `operator` (the
 * person who runs the number) or `agent` (software that decides by itself whom to text).
 */
export type SendPurpose = 'reply' | 'notice' | 'operator' | 'agent';

/** Decides who may be texted. */
export interface RecipientPolicy {
  /** @throws {TelephonyError} `permission_denied` */
  check(recipient: string, purpose: SendPurpose): Promise<void>;
}

/**
 * Replies and notices always may. An agent may text those who were let in, and nobody else, unless `allowTo` names
 * them; an operator may text anybody, unless `allowTo` is set.
 */
export function createRecipientPolicy(options: {
  readonly access: AccessControl;
  /** Numbers, or `'*'` for everybody. */
  readonly allowTo?: readonly string[];
}): RecipientPolicy {
  const { access, allowTo } = options;
  const listed = new Set(allowTo);
  return {
    async check(recipient, purpose) {
      if (purpose === 'reply' || purpose === 'notice') return;
      if (listed.has('*') || listed.has(recipient)) return;
      if (purpose === 'operator' && allowTo === undefined) return;
      if (await access.admits(recipient)) return;
      throw new TelephonyError(
        'permission_denied',
        `${redactAddress(recipient)} may not be texted: they were not let in and are not in outbound.allowTo`,
        { outcome: 'not-performed' },
      );
    },
  };
}
