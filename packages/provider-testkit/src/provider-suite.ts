import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import type { TelephonyProvider } from '@openclaw/telephony-core';
import { assertNoCanary, createCanaries } from './canaries.ts';
import { play } from './scene.ts';
import type { Suite } from './suite.ts';

/** What a provider is before it does anything. */
export function describeProvider<Provider extends TelephonyProvider>({
  runner,
  contract,
  claims,
}: Suite<Provider>): void {
  runner.describe('the provider', () => {
    runner.it('says what it is, and asks nothing of the carrier by itself', async () => {
      await play(contract, {}, async ({ provider, requests }) => {
        assert.equal(provider.specVersion, 'v1');
        assert.match(provider.id, /^[a-z][\w-]*$/u, 'the id is not a plain word');
        assert.deepEqual(requests, []);
      });
    });

    runner.it('shows no secret when it is printed', async () => {
      assert.ok(contract.secrets.length > 0, 'the fixture secrets is empty: what signs webhooks?');
      await play(contract, {}, async ({ provider }) => {
        assertNoCanary(provider, 'the provider', createCanaries(contract.secrets));
        assertNoCanary(inspect(provider.webhooks), 'webhooks', createCanaries(contract.secrets));
      });
    });

    const capabilities = claims.messaging;
    if (capabilities === undefined) return;
    runner.it('claims nothing that contradicts itself', async () => {
      const { gsm7, ucs2 } = capabilities.maxTextLength;
      assert.ok(capabilities.channels.length > 0, 'messaging without a channel');
      assert.ok(Number.isSafeInteger(gsm7) && gsm7 > 0, 'maxTextLength.gsm7 is no count');
      assert.ok(Number.isSafeInteger(ucs2) && ucs2 > 0, 'maxTextLength.ucs2 is no count');
      assert.ok(ucs2 <= gsm7, 'UCS-2 takes more room than GSM-7');
      if (capabilities.outboundMedia === false) return;
      const { maxCount, maxBytes, maxTotalBytes } = capabilities.outboundMedia;
      assert.ok(maxCount > 0 && maxBytes > 0 && maxTotalBytes >= maxBytes);
      const { byType = [], safeTotalBytes = maxTotalBytes } = capabilities.outboundMedia;
      assert.ok(safeTotalBytes <= maxTotalBytes, 'safeTotalBytes is above maxTotalBytes');
      for (const one of byType) {
        assert.ok(one.types.length > 0, 'a limit of no type');
        assert.ok(one.maxBytes > 0 && one.maxBytes <= maxBytes, 'a type may be larger than any');
      }
    });
  });
}
