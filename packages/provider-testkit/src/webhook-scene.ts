import assert from 'node:assert/strict';
import {
  isVerifiedWebhook,
  type TelephonyEvent,
  type TelephonyProvider,
  type WebhookRejectionReason,
  type WebhookRequest,
} from '@openclaw/telephony-core';
import { contractValues } from './contract-values.ts';
import type {
  ProviderContract,
  RawWebhook,
  Signer,
  UnsignedWebhook,
  WebhookFixtures,
} from './fixtures.ts';
import type { Scene } from './scene.ts';

/** Every reason of the contract. */
const reasons: ReadonlySet<unknown> = new Set<WebhookRejectionReason>([
  'missing_header',
  'malformed_header',
  'malformed_request',
  'malformed_body',
  'unusable_secret',
  'body_digest_mismatch',
  'timestamp_out_of_tolerance',
  'signature_mismatch',
  'account_mismatch',
]);

/** How a webhook is signed, where it differs from the usual. */
export interface SealOptions {
  readonly signer?: Signer;
  readonly signedAt?: Date;
}

/** Fills in what a fixture leaves out. */
export function complete(raw: RawWebhook): UnsignedWebhook {
  const { method = 'POST', url = contractValues.webhookUrl, headers = {}, body = '' } = raw;
  return { method, url, headers, body };
}

/** Signs a fixture, and makes the request that a server would get. */
export async function seal(
  fixtures: WebhookFixtures,
  raw: RawWebhook,
  { signer = 'first', signedAt = contractValues.now }: SealOptions = {},
): Promise<WebhookRequest> {
  const unsigned = complete(raw);
  const signature = await fixtures.sign(unsigned, signer, new Date(signedAt));
  return {
    method: unsigned.method,
    url: unsigned.url,
    headers: new Headers({ ...unsigned.headers, ...signature }),
    body: new TextEncoder().encode(unsigned.body),
    receivedAt: new Date(contractValues.now),
  };
}

/** The reason why a webhook is refused; fails when it is believed, or refused in another way. */
export async function reasonOf<Provider extends TelephonyProvider>(
  { provider, failureOf }: Scene<Provider>,
  request: WebhookRequest,
): Promise<WebhookRejectionReason> {
  const { code, reason } = await failureOf(() => provider.webhooks.verify(request));
  assert.equal(code, 'webhook_rejected');
  assert.ok(reason !== undefined && reasons.has(reason), 'the error has no reason of the contract');
  return reason;
}

/** What the carrier said may be nested deeper than can be compared. */
const withoutRaw = (event: TelephonyEvent): object => ({ ...event, raw: undefined });

/** The events of a webhook that must be believed. */
export function receive<Provider extends TelephonyProvider>(
  { webhooks: fixtures }: ProviderContract<Provider>,
  { provider }: Scene<Provider>,
  request: WebhookRequest,
): readonly TelephonyEvent[] {
  const webhook = provider.webhooks.verify(request);
  assert.ok(isVerifiedWebhook(webhook), 'verify returned something that markVerified did not make');
  assert.equal(
    webhook.bodyAuthenticated,
    fixtures.scheme.signsBody !== 'nothing',
    'bodyAuthenticated is not what the scheme says',
  );
  assert.equal(webhook.url, request.url, 'verify changed the URL');
  assert.deepEqual(webhook.body, request.body, 'verify changed the body');
  const events = provider.webhooks.parse(webhook);
  assertEvents(events);
  assert.deepEqual(provider.webhooks.parse(webhook), events, 'parse is not pure');
  provider.webhooks.verify(request);
  assert.deepEqual(
    provider.webhooks.parse(webhook).map(withoutRaw),
    events.map(withoutRaw),
    'parse says something else once another webhook was verified',
  );
  return events;
}

/** Believes or refuses, and never anything else; what is believed becomes events. */
export async function receiveOrRefuse<Provider extends TelephonyProvider>(
  contract: ProviderContract<Provider>,
  scene: Scene<Provider>,
  request: WebhookRequest,
): Promise<readonly TelephonyEvent[]> {
  let believed = true;
  try {
    scene.provider.webhooks.verify(request);
  } catch {
    believed = false;
  }
  if (believed) return receive(contract, scene, request);
  await reasonOf(scene, request);
  return [];
}

/** The one event of a webhook that must be believed. */
export function receiveOne<Provider extends TelephonyProvider>(
  contract: ProviderContract<Provider>,
  scene: Scene<Provider>,
  request: WebhookRequest,
): TelephonyEvent {
  const [event, ...others] = receive(contract, scene, request);
  assert.ok(event);
  assert.deepEqual(others, [], 'one webhook became several events');
  return event;
}

function assertEvents(events: readonly TelephonyEvent[]): void {
  assert.ok(events.length > 0, 'a webhook became no event: what is not known is "unknown"');
  for (const { type, dedupeKey, occurredAt, raw } of events) {
    assert.equal(typeof type, 'string');
    assert.ok(typeof dedupeKey === 'string' && dedupeKey.trim() !== '', 'an event has no key');
    assert.ok(raw !== undefined, 'an event lacks what the carrier said');
    assert.ok(
      occurredAt === undefined || !Number.isNaN(occurredAt.getTime()),
      'an event happened at no time',
    );
  }
}
