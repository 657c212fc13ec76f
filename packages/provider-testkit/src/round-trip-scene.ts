import assert from 'node:assert/strict';
import type {
  MessagingProvider,
  TelephonyEvent,
  TelephonyProvider,
} from '@openclaw/telephony-core';
import type { LoopbackCarrier, RoundTripEnds } from './round-trip-fixtures.ts';
import { listenForWebhooks } from './webhook-listener.ts';

/** A carrier, a provider that speaks to it, and a server of ours that it speaks to. */
export interface RoundTrip<
  Provider extends TelephonyProvider = TelephonyProvider,
  Carrier extends LoopbackCarrier = LoopbackCarrier,
> {
  readonly carrier: Carrier;
  readonly provider: Provider;
  readonly messaging: MessagingProvider;
  /** What genuine webhooks became. */
  readonly events: readonly TelephonyEvent[];
  /** Where our server listens. */
  readonly url: URL;
}

/** What one round trip may choose. */
export interface RoundTripSceneOptions {
  /** How many webhooks our server answers with 503 before it is well; default 0. */
  readonly failureCount?: number;
}

/**
 * Plays one scene between a provider and a carrier that listens on this machine, and closes everything behind it.
 *
 * @example
 * await playRoundTrip({ startCarrier, createProvider }, async ({ carrier, messaging, events, url }) => {
 *   await messaging.send({ ...message, statusCallback: url });
 *   await carrier.settled();
 *   assert.equal(events.length, 2);
 * });
 */
export async function playRoundTrip<
  Provider extends TelephonyProvider,
  Carrier extends LoopbackCarrier,
>(
  { startCarrier, createProvider, now }: RoundTripEnds<Provider, Carrier>,
  body: (scene: RoundTrip<Provider, Carrier>) => Promise<void>,
  { failureCount = 0 }: RoundTripSceneOptions = {},
): Promise<void> {
  const carrier = await startCarrier();
  try {
    const provider = createProvider({ baseUrl: carrier.baseUrl });
    const { webhooks } = provider;
    const clock = now === undefined ? {} : { now };
    const listener = await listenForWebhooks({ webhooks, failureCount, ...clock });
    const { events, url } = listener;
    try {
      await body({ carrier, provider, messaging: messagingOf(provider), events, url });
    } finally {
      await listener.close();
    }
  } finally {
    await carrier.close();
  }
}

/** The sending half, which every round trip needs. */
export function messagingOf({ messaging }: TelephonyProvider): MessagingProvider {
  assert.ok(messaging, 'the provider has no messaging');
  return messaging;
}
