/** Whoever texts is a person of their own: unless the owner decided otherwise, each number has its own session. */
export function dmScopeOf(cfg: {
  readonly session?: { readonly dmScope?: DmScope | undefined } | undefined;
}): DmScope {
  return cfg.session?.dmScope ?? 'per-channel-peer';
}

/** Which conversations share a session. */
export type DmScope = 'main' | 'per-peer' | 'per-channel-peer' | 'per-account-channel-peer';
