import assert from 'node:assert/strict';
import type { TelephonyProvider, WebhookRequest } from '@openclaw/telephony-core';
import { contractValues } from './contract-values.ts';
import type { RawWebhook } from './fixtures.ts';
import { requireFixture } from './missing-fixture.ts';
import { mutationsOf } from './mutations.ts';
import { play, type Scene } from './scene.ts';
import type { Suite } from './suite.ts';
import { complete, reasonOf, receive, receiveOrRefuse, seal } from './webhook-scene.ts';

/** How many bytes are changed, one at a time, all over the body. */
const changedByteCount = 32;

/** What may happen to the body of a webhook on its way, and what may be in it. */
export function describeWebhookBodies<Provider extends TelephonyProvider>({
  runner,
  contract,
}: Suite<Provider>): void {
  const { webhooks: fixtures } = contract;
  const { signsBody } = fixtures.scheme;
  const genuine = (): RawWebhook =>
    requireFixture(fixtures.genuine, {
      path: 'webhooks.genuine',
      what: 'any webhook of the carrier, with a body',
      because: 'every provider receives webhooks',
    });
  /** Nothing for what the carrier would not sign either, such as JSON where it signs forms alone. */
  const sealIfPossible = async (raw: RawWebhook): Promise<WebhookRequest | undefined> => {
    try {
      return await seal(fixtures, raw);
    } catch {
      return undefined;
    }
  };
  const it = (name: string, body: (scene: Scene<Provider>) => Promise<void>): void => {
    runner.it(name, () => play(contract, {}, body));
  };
  const keysOf = async (scene: Scene<Provider>, raw: RawWebhook, signedAt = contractValues.now) =>
    receive(contract, scene, await seal(fixtures, raw, { signedAt })).map(
      ({ dedupeKey }) => dedupeKey,
    );

  runner.describe('webhooks, their bodies', () => {
    if (signsBody === 'nothing') {
      it('believes a changed body, and says that it is not authenticated', async (scene) => {
        const request = await seal(fixtures, genuine());
        const { bodyAuthenticated } = scene.provider.webhooks.verify(request);
        assert.equal(bodyAuthenticated, false);
      });
    } else {
      it('refuses a body of which one byte changed, or that is longer or shorter', async (scene) => {
        const request = await seal(fixtures, genuine());
        const { body } = request;
        assert.ok(body.length > 1, 'webhooks.genuine has no body');
        const step = Math.max(1, Math.floor(body.length / changedByteCount));
        for (let index = 0; index < body.length; index += step) {
          const changed = Uint8Array.from(body);
          changed[index] = (changed[index] ?? 0) ^ 1;
          await reasonOf(scene, { ...request, body: changed });
        }
        await reasonOf(scene, { ...request, body: Uint8Array.of(...body, 0x78) });
        await reasonOf(scene, { ...request, body: body.subarray(1) });
        await reasonOf(scene, { ...request, body: new Uint8Array() });
      });
    }

    if (signsBody === 'parameters') {
      it('believes re-ordered parameters, as the same event', async (scene) => {
        const raw = complete(genuine());
        const request = await seal(fixtures, raw);
        const body = raw.body.split('&').toReversed().join('&');
        const reordered = { ...request, body: new TextEncoder().encode(body) };
        assert.notEqual(body, raw.body, 'webhooks.genuine has one parameter only');
        const keys = receive(contract, scene, reordered).map(({ dedupeKey }) => dedupeKey);
        assert.deepEqual(keys, await keysOf(scene, raw));
      });
      it('believes a repeated parameter, and notices when one of them is taken away', async (scene) => {
        const { body, ...raw } = complete(genuine());
        const request = await seal(fixtures, { ...raw, body: `${body}&Extra=b&Extra=a` });
        receive(contract, scene, request);
        const shorter = new TextEncoder().encode(`${body}&Extra=b`);
        assert.equal(await reasonOf(scene, { ...request, body: shorter }), 'signature_mismatch');
      });
    } else if (signsBody === 'bytes') {
      it('refuses JSON that was parsed and written again', async (scene) => {
        const raw = complete(genuine());
        const rewritten = JSON.stringify(JSON.parse(raw.body), undefined, 1);
        assert.notEqual(rewritten, raw.body);
        const request = await seal(fixtures, raw);
        const body = new TextEncoder().encode(rewritten);
        assert.equal(await reasonOf(scene, { ...request, body }), 'signature_mismatch');
      });
    }

    it('gives one event one key, each time that it is sent', async (scene) => {
      const first = await keysOf(scene, genuine());
      const again = new Date(contractValues.now.getTime() + 1000);
      assert.deepEqual(await keysOf(scene, genuine(), again), first);
    });

    it('makes no key from what is not signed', async (scene) => {
      const request = await seal(fixtures, genuine());
      const keys = await keysOf(scene, genuine());
      for (const name of ['i-twilio-idempotency-token', 'x-request-id', 'idempotency-key']) {
        request.headers.set(name, 'another');
      }
      const events = receive(contract, scene, request);
      assert.deepEqual(
        events.map(({ dedupeKey }) => dedupeKey),
        keys,
      );
    });

    for (const [name, type, body] of hostileBodies) {
      it(`makes an event of ${name}, or refuses it: never anything else`, async (scene) => {
        const raw = complete(genuine());
        const others = Object.entries(raw.headers).filter(([key]) => !/^content-type$/iu.test(key));
        const headers = { ...Object.fromEntries(others), 'content-type': type };
        const request = await sealIfPossible({ ...raw, headers, body });
        if (request !== undefined) await receiveOrRefuse(contract, scene, request);
        assert.ok(!('polluted' in {}), 'a body changed the prototype of every object');
      });
    }

    it('survives each field of a genuine one missing, empty or odd', async (scene) => {
      const raw = complete(genuine());
      for (const body of mutationsOf(raw.body)) {
        await receiveOrRefuse(contract, scene, await seal(fixtures, { ...raw, body }));
      }
    });
  });
}

const form = 'application/x-www-form-urlencoded';
const json = 'application/json';
const hostileBodies: readonly (readonly [name: string, type: string, body: string])[] = [
  ['an empty form', form, ''],
  ['a form of nothing but separators', form, '&&&==='],
  ['a form that ends in half an escape', form, '%'],
  ['a form with escapes that are none', form, 'a=%zz&b=%ff'],
  ['a form with the names of prototypes', form, '__proto__=1&constructor=2&__proto__[polluted]=1'],
  ['JSON that says that it is a form', form, '{}'],
  ['an empty body that should be JSON', json, ''],
  ['null', json, 'null'],
  ['a list', json, '[]'],
  ['an empty object', json, '{}'],
  ['a number', json, '1e999'],
  ['a string', json, '"text"'],
  ['JSON that is cut off', json, '{'],
  ['an envelope around nothing', json, '{"data":null}'],
  ['a message of nothing', json, '{"data":{"event_type":"message.received","payload":null}}'],
  ['JSON with the names of prototypes', json, '{"__proto__":{"polluted":1},"constructor":{}}'],
  ['JSON of great depth', json, `${'['.repeat(2000)}${']'.repeat(2000)}`],
  ['a body of another type', 'text/plain', '\u0000'],
];
