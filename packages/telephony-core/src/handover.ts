import { isVerifiedWebhook, type VerifiedWebhook } from './webhook.ts';

/** What `verify` has read of a webhook, for the `parse` that comes right after it. */
export interface Handover<Read> {
  give(webhook: VerifiedWebhook, read: Read): void;
  /**
   * What was given with this webhook; `undefined` once another was verified, so that it has to be read again.
   *
   * @throws {TypeError} for what no `verify` made: JavaScript may hand over anything
   */
  take(webhook: VerifiedWebhook): Read | undefined;
}

/**
 * Makes the way from `verify` to `parse` of one provider. It keeps what was given last and nothing else: a `WeakMap` of
 * all would cost the garbage collector more than reading again costs the few who verify several before they parse.
 *
 * What is read again must be the same: `parse` is pure.
 *
 * @example
 * const read = createHandover<JsonRecord>();
 * // in verify: read.give(webhook, body);
 * // in parse:  const body = read.take(webhook) ?? parseJsonObject(webhook.body);
 */
export function createHandover<Read>(): Handover<Read> {
  let last: { readonly webhook: VerifiedWebhook; readonly read: Read } | undefined;
  return {
    give(webhook, read) {
      last = { webhook, read };
    },
    take(webhook) {
      if (last?.webhook === webhook) return last.read;
      if (!isVerifiedWebhook(webhook)) throw new TypeError('parse takes what verify has returned');
      return undefined;
    },
  };
}
