import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import {
  isTelephonyErrorCode,
  type MessagingProvider,
  TelephonyError,
  type TelephonyProvider,
} from '@openclaw/telephony-core';
import { type Answer, answering } from './answers.ts';
import {
  assertNoCanary,
  type Canaries,
  createCanaries,
  showsSecret,
  withCredentialsOf,
} from './canaries.ts';
import type { HttpCarrier, ProviderContract, RecordedRequest } from './fixtures.ts';
import { watch } from './network-watch.ts';
import { createStage } from './scripted-stage.ts';

/** A provider during one scenario. */
export interface Scene<Provider extends TelephonyProvider> {
  readonly provider: Provider;
  readonly messaging: MessagingProvider;
  /** What reached the carrier so far. */
  readonly requests: readonly RecordedRequest[];
  /** The error that the work fails with: a `TelephonyError` of this provider that shows nothing confidential. */
  readonly failureOf: (work: () => unknown) => Promise<TelephonyError>;
}

/** What a scenario may choose. */
export interface SceneOptions {
  /** Default: that of `carrier.send.accepted`. */
  readonly answer?: Answer;
  /** True where requests to other hosts belong to the scenario, as with a redirect of media. */
  readonly mayLeaveOrigins?: boolean;
  /** True where the transport hands out a response before it has arrived whole. */
  readonly readsLate?: boolean;
}

/** Runs one scenario, and checks what holds in every one: nothing confidential is shown, no other host is asked. */
export async function play<Provider extends TelephonyProvider>(
  contract: ProviderContract<Provider>,
  { answer = willing(contract.carrier), mayLeaveOrigins = false, readsLate = false }: SceneOptions,
  body: (scene: Scene<Provider>) => Promise<void>,
): Promise<void> {
  const { carrier, secrets, onRequest } = contract;
  let canaries = createCanaries(secrets);
  const stage = createStage(answer, {
    readsLate,
    onRequest(request) {
      canaries = withCredentialsOf(canaries, request.headers);
      onRequest?.(request);
    },
  });
  const provider = contract.createProvider(stage);
  const { networkUse, lines } = await watch(() =>
    body({
      provider,
      get messaging() {
        assert.ok(provider.messaging, 'the provider has no messaging');
        return provider.messaging;
      },
      requests: stage.requests,
      failureOf: (work) => failureOf(work, provider.id, () => canaries),
    }),
  );
  assert.deepEqual(networkUse, [], 'the provider used the network past the stage');
  assertNoCanary([...stage.lines, ...lines], 'a log line', canaries);
  for (const { url, body: sent } of stage.requests) {
    assert.ok(!showsSecret(`${url.href} ${sent}`, secrets), 'a URL or a body shows a secret');
    if (carrier.kind === 'http' && !mayLeaveOrigins) {
      assert.ok(carrier.origins.includes(url.origin), `a request went to ${url.origin}`);
    }
  }
  if (carrier.kind === 'simulated') {
    assert.deepEqual(stage.requests, [], 'a simulated carrier was spoken to over HTTP');
  }
}

/** By default the carrier takes what it gets, so that a provider which should not have asked is not saved by it. */
function willing(carrier: HttpCarrier | { readonly kind: 'simulated' }): Answer {
  const accepted = carrier.kind === 'http' ? carrier.send?.accepted : undefined;
  return answering(accepted?.reply ?? { status: 500 });
}

async function failureOf(
  work: () => unknown,
  providerId: string,
  canariesNow: () => Canaries,
): Promise<TelephonyError> {
  let failure: unknown;
  try {
    await work();
  } catch (error) {
    failure = error;
  }
  assert.ok(failure !== undefined, 'it should have failed, and did not');
  assert.ok(
    TelephonyError.isInstance(failure),
    `it failed with something else than a TelephonyError: ${nameOf(failure)}`,
  );
  assert.ok(isTelephonyErrorCode(failure.code), 'the error has a code that the contract lacks');
  assert.equal(failure.provider, providerId, 'the error names another provider');
  // The work may have added what it sent to prove who we are.
  assertNoCanary(failure, 'the error', canariesNow());
  return failure;
}

/** Its message may be confidential. */
function nameOf(failure: unknown): string {
  return failure instanceof Error ? failure.name : inspect(typeof failure);
}
