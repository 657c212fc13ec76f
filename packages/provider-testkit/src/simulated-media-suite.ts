import assert from 'node:assert/strict';
import type { TelephonyProvider } from '@openclaw/telephony-core';
import type { SimulatedCarrier } from './fixtures.ts';
import { fetchMediaOf } from './media-suite.ts';
import { requireFixture } from './missing-fixture.ts';
import { play } from './scene.ts';
import type { Suite } from './suite.ts';

/** Fetching what a simulated carrier keeps. */
export function describeSimulatedMedia<Provider extends TelephonyProvider>(
  { runner, contract }: Suite<Provider>,
  carrier: SimulatedCarrier<Provider>,
): void {
  const hostMedia = (provider: Provider) => {
    const host = requireFixture(carrier.hostMedia, {
      path: 'carrier.hostMedia',
      what: 'a function that puts a file where the provider finds it',
      because: 'the provider has messaging.fetchMedia',
    });
    return host(provider, { contentType: 'image/png', bytes: Uint8Array.of(1, 2, 3) });
  };
  runner.describe('media', () => {
    runner.it('returns the file that is there', async () => {
      await play(contract, {}, async ({ provider, messaging }) => {
        const response = await fetchMediaOf(messaging)(hostMedia(provider));
        assert.equal(response.headers.get('content-type'), 'image/png');
        assert.deepEqual([...new Uint8Array(await response.arrayBuffer())], [1, 2, 3]);
      });
    });

    runner.it('says when there is none, and stops when its caller does', async () => {
      await play(contract, {}, async ({ provider, messaging, failureOf }) => {
        const media = hostMedia(provider);
        const url = new URL('https://files.example.com/canary.png');
        const missing = await failureOf(() => fetchMediaOf(messaging)({ url }));
        assert.equal(missing.code, 'not_found');
        const signal = AbortSignal.abort();
        const aborted = await failureOf(() => fetchMediaOf(messaging)(media, { signal }));
        assert.equal(aborted.code, 'aborted');
      });
    });
  });
}
