/** What to do with somebody who texts. */
export type AccessDecision =
  | { readonly access: 'allow' }
  | { readonly access: 'ignore'; readonly because: string }
  | { readonly access: 'pair'; readonly code: string };

/**
 * Who may reach the application. `createAccessPolicy` of `@openclaw/pairing-store` is the usual one; a host that has
 * its own list of approved people passes its own.
 */
export interface AccessControl {
  /**
   * Somebody is at the door. A decision that throws, takes longer than a minute, or ignores because of
   * `store-unavailable`, lets nobody in and is tried again, at most every minute, for as long as it takes: the text waits.
   */
  decide(sender: string): Promise<AccessDecision>;
  /** Whether somebody is let in; asking begins no pairing. */
  admits(sender: string): Promise<boolean>;
}
