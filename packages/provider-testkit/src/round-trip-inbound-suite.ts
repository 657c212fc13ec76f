import assert from 'node:assert/strict';
import type { TelephonyProvider } from '@openclaw/telephony-core';
import { contractValues } from './contract-values.ts';
import { failureOf } from './failure-of.ts';
import { serve } from './loopback-server.ts';
import { fetchMediaOf } from './media-suite.ts';
import { plainMessage } from './messages.ts';
import { isNever, requireFixture } from './missing-fixture.ts';
import type { LoopbackCarrier, RoundTripContract } from './round-trip-fixtures.ts';
import { messagingOf, playRoundTrip, type RoundTrip } from './round-trip-scene.ts';
import type { Runner } from './runner.ts';

const { person, ownNumber } = contractValues;
const words = 'Grüße ☀ from + & = 100%';
const bytes = Uint8Array.of(137, 80, 78, 71);

/** Messages to us, from a carrier that really signs and posts them. */
export function describeRoundTripInbound<
  Provider extends TelephonyProvider,
  Carrier extends LoopbackCarrier,
>(contract: RoundTripContract<Provider, Carrier>, runner: Runner): void {
  const { messaging } = contract.createProvider({ baseUrl: 'http://127.0.0.1:1' });
  const it = (name: string, body: (scene: RoundTrip<Provider, Carrier>) => Promise<void>): void => {
    runner.it(name, () =>
      playRoundTrip(contract, async (scene) => {
        scene.carrier.setNumber(ownNumber, { messageUrl: scene.url.href });
        await body(scene);
      }),
    );
  };

  runner.describe('a text from a person', () => {
    it('arrives, and so does the same one again, with the same key', async (scene) => {
      const { carrier, events } = scene;
      const delivery = await carrier.text({ from: person, to: ownNumber, text: words });
      assert.ok(delivery.acknowledged, 'it was not acknowledged');
      const { id, from, to, text } = onlyMessage(scene);
      assert.deepEqual(
        { id, from, to, text },
        { id: delivery.id, from: person, to: ownNumber, text: words },
      );
      await carrier.redeliver(delivery);
      const [first, second, ...others] = events;
      assert.equal(second?.type, 'message.received');
      assert.equal(second?.dedupeKey, first?.dedupeKey, 'it has another key');
      assert.deepEqual(others, []);
    });

    it('is refused when one byte of it was changed', async ({ carrier, events }) => {
      const delivery = await carrier.text({ from: person, to: ownNumber, text: words });
      const { status } = await carrier.post(carrier.forge(delivery));
      assert.equal(status, 403);
      assert.equal(events.length, 1, 'what was forged became an event');
    });

    if (messaging?.capabilities.optOut === 'carrier') {
      it('that says STOP tells that the carrier saw to it', async (scene) => {
        const { afterStop } = contract;
        const { carrier } = scene;
        await carrier.text({ from: person, to: ownNumber, text: 'Stop' });
        assert.equal(onlyMessage(scene).optOut, 'stop');
        const need = {
          path: 'afterStop',
          what: '"refused" where the carrier refuses to write to them then, or { never: why not }',
          because: 'the provider claims capabilities.optOut: carrier',
        };
        if (isNever(requireFixture(afterStop, need))) return;
        const { code, outcome } = await failureOf(scene.messaging.send(plainMessage));
        assert.deepEqual(
          { code, outcome },
          { code: 'recipient_opted_out', outcome: 'not-performed' },
        );
      });
    }
  });

  if (messaging?.fetchMedia === undefined) return;
  runner.describe('a picture from a person', () => {
    it('without words can be downloaded, and no credentials reach the last host', async (scene) => {
      const { carrier } = scene;
      const media = [{ contentType: 'image/png', bytes }];
      await carrier.text({ from: person, to: ownNumber, media });
      const message = onlyMessage(scene);
      assert.equal(message.text, '');
      const [file, ...others] = message.media;
      assert.ok(file, 'the picture is missing');
      assert.deepEqual(others, []);
      const response = await fetchMediaOf(scene.messaging)(file);
      assert.deepEqual(new Uint8Array(await response.arrayBuffer()), bytes);
      assert.ok(carrier.cdnRequests.length > 0, 'it came from nowhere');
      const seen = JSON.stringify(carrier.cdnRequests);
      for (const secret of contract.secrets) {
        assert.ok(!seen.includes(secret), 'the last host saw a secret');
      }
      assert.doesNotMatch(seen, /authorization.{0,9}(?:Basic|Bearer)/iu);
    });

    runner.it(
      'is streamed over real HTTP, and the carrier’s host alone sees the credentials',
      async () => {
        const { path, authorization } = requireFixture(contract.media, {
          path: 'media',
          what: 'the path of a file on the carrier’s own host, and what that host must see',
          because: 'the provider has messaging.fetchMedia',
        });
        const cdn = await serve((_, response) => {
          response.writeHead(200, { 'content-type': 'image/png' }).end('picture');
        });
        const own = await serve((_, response) => {
          response.writeHead(307, { location: `${cdn.origin}/file` }).end();
        });
        try {
          const provider = contract.createProvider({ baseUrl: own.origin });
          const url = new URL(path, own.origin);
          const response = await fetchMediaOf(messagingOf(provider))({ url });
          assert.equal(await response.text(), 'picture');
          assert.equal(response.headers.get('content-type'), 'image/png');
          assert.deepEqual(
            [own, cdn].map(({ requests }) => requests.map(({ headers }) => headers.authorization)),
            [[authorization], [undefined]],
          );
          const seen = JSON.stringify(
            [...own.requests, ...cdn.requests].map(({ url: asked }) => asked),
          );
          for (const secret of contract.secrets)
            assert.ok(!seen.includes(secret), 'a URL shows it');
        } finally {
          await Promise.all([own.close(), cdn.close()]);
        }
      },
    );
  });
}

function onlyMessage({ events }: Pick<RoundTrip, 'events'>) {
  const [event, ...others] = events;
  assert.deepEqual(others, [], 'one text became several events');
  assert.ok(event?.type === 'message.received', 'the text did not become a message');
  return event.message;
}
