import {
  type DeliveryStatus,
  type InboundMedia,
  mergeDeliveryStatus,
  type MessagingCapabilities,
  type MessagingProvider,
  type TelephonyError,
  type TelephonyProvider,
} from '@openclaw/telephony-core';
import { resolveCapabilities } from './capabilities.ts';
import { mockProviderId, refuse } from './errors.ts';
import { createMockMessaging, type MockCarrier, type SentMessage } from './messaging.ts';
import { assertUsable } from './signature.ts';
import { createMockWebhooks } from './webhooks.ts';

/** What {@link createMockProvider} takes. */
export interface MockProviderOptions {
  /** Signs the webhooks; several while one replaces another. There is no way to do without. */
  readonly webhookSecret: string | readonly string[];
  /** `'all'` (the default), `'none'`, or `'all'` with exceptions. */
  readonly capabilities?: 'all' | 'none' | Partial<MessagingCapabilities>;
  /** Puts a `segmentCount` into every receipt. Default: none, as with a carrier that does not tell. */
  readonly countSegments?: (text: string) => number;
  /** Ids are this, a dash and 1, 2, 3… Choose another for each process that shares a store. Default: `mock`. */
  readonly idPrefix?: string;
  /** The oldest sent message is forgotten beyond this; one more hosted file is refused. Default: 10,000. */
  readonly maxSentCount?: number;
}

/** A provider without a network, and the switches of the carrier behind it. */
export interface MockProvider extends TelephonyProvider {
  readonly messaging: MessagingProvider;
  /** What was accepted, oldest first: a new list at each look. */
  readonly sent: readonly SentMessage[];
  /**
   * Makes the next `send` fail, or the next `count` of them (`Infinity` until {@link MockProvider.stopFailing}), once they are valid.
   *
   * With `sentAnyway` the message is in `sent` all the same, which is what `outcome: 'unknown'` warns of.
   */
  failNext(
    error: TelephonyError,
    options?: { readonly count?: number; readonly sentAnyway?: boolean },
  ): void;
  /** Forgets the failures that are still to come. */
  stopFailing(): void;
  /**
   * Moves a sent message on, for `getMessage`. It never goes back from a final status.
   *
   * @throws {TelephonyError} `not_found`
   */
  setStatus(messageId: string, status: DeliveryStatus, carrierErrorCode?: string): void;
  /** Keeps a file for `fetchMedia`, and returns what a text refers to it by. */
  hostMedia(file: { readonly contentType: string; readonly bytes: Uint8Array }): InboundMedia;
}

/**
 * Makes the smallest honest provider: it sends nothing, records everything, and believes signed webhooks only.
 *
 * @throws {TelephonyError} `webhook_rejected` with the reason `unusable_secret` when `webhookSecret` is empty
 * @example
 * const provider = createMockProvider({ webhookSecret: 'only-for-tests' });
 * await provider.messaging.send({
 *   to: parseE164('+15550100123'),
 *   from: { kind: 'number', address: parseE164('+15550100100') },
 *   text: 'hello',
 * });
 * provider.sent.length; // 1
 */
export function createMockProvider(options: MockProviderOptions): MockProvider {
  const { webhookSecret, countSegments, idPrefix = 'mock', maxSentCount = 10_000 } = options;
  const secrets = typeof webhookSecret === 'string' ? [webhookSecret] : [...webhookSecret];
  assertUsable(secrets);
  let idCount = 0;
  const carrier: MockCarrier = {
    sent: new Map(),
    failures: [],
    files: new Map(),
    capabilities: resolveCapabilities(options.capabilities ?? 'all'),
    maxSentCount,
    nextId() {
      idCount += 1;
      return `${idPrefix}-${idCount}`;
    },
    countSegments: (text) => countSegments?.(text),
  };
  return {
    specVersion: 'v1',
    id: mockProviderId,
    webhooks: createMockWebhooks(secrets),
    messaging: createMockMessaging(carrier),
    get sent() {
      return [...carrier.sent.values()];
    },
    failNext(error, { count = 1, sentAnyway = false } = {}) {
      if (count > 0) carrier.failures.push({ error, sentAnyway, remainingCount: count });
    },
    stopFailing() {
      carrier.failures.length = 0;
    },
    setStatus(messageId, status, carrierErrorCode) {
      const sent = carrier.sent.get(messageId);
      if (sent === undefined) throw refuse('not_found', 'nothing of that id was sent');
      const merged = mergeDeliveryStatus(sent.status, status);
      carrier.sent.set(messageId, {
        ...sent,
        status: merged,
        ...(carrierErrorCode !== undefined && merged === status ? { carrierErrorCode } : {}),
      });
    },
    hostMedia({ contentType, bytes }) {
      if (carrier.files.size >= maxSentCount) {
        throw refuse('limit_reached', `the mock carrier keeps at most ${maxSentCount} files`);
      }
      const url = new URL(`https://media.mock.invalid/${idPrefix}-${carrier.files.size + 1}`);
      carrier.files.set(url.href, { contentType, bytes: Uint8Array.from(bytes) });
      return { url, contentType, bytes: bytes.length };
    },
  };
}
