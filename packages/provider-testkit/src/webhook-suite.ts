import assert from 'node:assert/strict';
import type { TelephonyProvider } from '@openclaw/telephony-core';
import { contractValues } from './contract-values.ts';
import type { RawWebhook } from './fixtures.ts';
import { isNever, itWithFixture, requireFixture } from './missing-fixture.ts';
import { play, type Scene } from './scene.ts';
import type { Suite } from './suite.ts';
import { reasonOf, receive, seal } from './webhook-scene.ts';

const { now } = contractValues;
const later = (ms: number): Date => new Date(now.getTime() + ms);

/** Which webhooks are believed. */
export function describeWebhooks<Provider extends TelephonyProvider>({
  runner,
  contract,
}: Suite<Provider>): void {
  const { webhooks: fixtures } = contract;
  const { scheme } = fixtures;
  const genuine = (): RawWebhook =>
    requireFixture(fixtures.genuine, {
      path: 'webhooks.genuine',
      what: 'any webhook of the carrier, with a body',
      because: 'every provider receives webhooks',
    });
  const it = (name: string, body: (scene: Scene<Provider>) => Promise<void>): void => {
    runner.it(name, () => play(contract, {}, body));
  };

  runner.describe('webhooks', () => {
    it('believes a genuine one', async (scene) => {
      receive(contract, scene, await seal(fixtures, genuine()));
    });

    it('believes one that the second of two secrets signed', async (scene) => {
      receive(contract, scene, await seal(fixtures, genuine(), { signer: 'second' }));
    });

    it('refuses one that was signed with another secret', async (scene) => {
      const request = await seal(fixtures, genuine(), { signer: 'stranger' });
      assert.equal(await reasonOf(scene, request), 'signature_mismatch');
    });

    if (scheme.signsUrl) {
      it('refuses one that was meant for another URL', async (scene) => {
        const request = await seal(fixtures, genuine());
        for (const [part, replacement] of [
          ['https://', 'http://'],
          ['://sms.', '://other.'],
          ['/webhook', '/webhook/x'],
          ['/webhook', '/Webhook'],
        ] as const) {
          const url = request.url.replace(part, replacement);
          assert.notEqual(url, request.url, 'webhooks.genuine has another URL than the kit’s');
          assert.equal(await reasonOf(scene, { ...request, url }), 'signature_mismatch');
        }
      });
    }

    it('says which header is missing, and never throws over an odd one', async (scene) => {
      const request = await seal(fixtures, genuine());
      const { requiredHeaders } = scene.provider.webhooks;
      assert.ok(requiredHeaders.length > 0, 'no header is required: then nothing is signed');
      for (const alternatives of requiredHeaders) {
        const headers = new Headers(request.headers);
        for (const name of alternatives) headers.delete(name);
        assert.equal(await reasonOf(scene, { ...request, headers }), 'missing_header');
        for (const odd of oddValues) {
          for (const name of alternatives) headers.set(name, odd);
          await reasonOf(scene, { ...request, headers });
        }
      }
    });

    const toleranceMs = scheme.timestampToleranceMs;
    if (toleranceMs !== undefined) {
      for (const [when, sign] of [
        ['stale', -1],
        ['future', 1],
      ] as const) {
        it(`refuses one that is ${when}, and believes one within the tolerance`, async (scene) => {
          const signedAt = later(sign * toleranceMs);
          receive(contract, scene, await seal(fixtures, genuine(), { signedAt }));
          const beyond = later(sign * (toleranceMs + 1000));
          const request = await seal(fixtures, genuine(), { signedAt: beyond });
          assert.equal(await reasonOf(scene, request), 'timestamp_out_of_tolerance');
        });
      }
    }

    it('believes one behind a proxy by its public URL, whatever the proxy adds', async (scene) => {
      const request = await seal(fixtures, genuine());
      for (const [name, value] of forwarded('elsewhere.example.com', 'http')) {
        request.headers.set(name, value);
      }
      receive(contract, scene, request);
    });

    if (scheme.signsUrl) {
      it('does not let a forwarded header stand for the URL', async (scene) => {
        const { host, protocol } = new URL(contractValues.webhookUrl);
        const request = await seal(fixtures, genuine());
        for (const [name, value] of forwarded(host, protocol.replace(':', ''))) {
          request.headers.set(name, value);
        }
        const url = request.url.replace('://sms.', '://elsewhere.');
        assert.equal(await reasonOf(scene, { ...request, url }), 'signature_mismatch');
      });
    }

    itWithFixture(
      runner,
      'believes a GET',
      fixtures.get,
      {
        path: 'webhooks.get',
        what: 'a webhook that comes as a GET, or { never: why not }',
        because: 'every provider says whether its carrier sends any',
      },
      (get) =>
        play(contract, {}, async (scene) => {
          const request = await seal(fixtures, { ...get, method: 'GET' });
          const events = receive(contract, scene, request);
          if (!scheme.signsUrl) return;
          assert.ok(
            events.some(({ type }) => type !== 'unknown'),
            'the query was not read',
          );
          await reasonOf(scene, { ...request, url: `${request.url}&x=1` });
        }),
    );
    if (isNever(fixtures.get) && scheme.signsBody !== 'nothing') {
      it('refuses a GET that carries the signature of a POST', async (scene) => {
        const request = await seal(fixtures, genuine());
        await reasonOf(scene, { ...request, method: 'GET', body: new Uint8Array() });
      });
    }

    itWithFixture(
      runner,
      'believes JSON',
      fixtures.json,
      {
        path: 'webhooks.json',
        what: 'a webhook whose body is JSON, or { never: why not }',
        because: 'every provider says whether its carrier sends any',
      },
      (json) =>
        play(contract, {}, async (scene) => {
          const request = await seal(fixtures, json);
          receive(contract, scene, request);
          const body = new TextEncoder().encode(`${json.body ?? ''} `);
          if (scheme.signsBody !== 'nothing') await reasonOf(scene, { ...request, body });
        }),
    );

    it('has an acknowledgement that can be sent', async ({ provider }) => {
      const { status, contentType, body = '' } = provider.webhooks.acknowledgement;
      assert.ok(status >= 200 && status < 300, 'the carrier would send it again');
      assert.ok(body === '' || contentType !== undefined, 'the body has no content type');
    });
  });
}

/** The last two are as long as real signatures. */
const oddValues = [
  '',
  '0',
  'é'.repeat(28),
  '%00',
  ',',
  'a'.repeat(10_000),
  'A'.repeat(27) + '=',
  'A'.repeat(86) + '==',
];

function forwarded(host: string, protocol: string): readonly (readonly [string, string])[] {
  return [
    ['host', '10.0.0.7:3335'],
    ['forwarded', `for=10.0.0.1;host=${host};proto=${protocol}`],
    ['x-forwarded-host', host],
    ['x-forwarded-proto', protocol],
    ['x-forwarded-for', '10.0.0.1'],
    ['x-original-host', host],
    ['x-original-url', '/elsewhere'],
  ];
}
