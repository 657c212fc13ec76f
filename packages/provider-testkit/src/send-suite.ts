import assert from 'node:assert/strict';
import {
  isDeliveryStatus,
  type OutboundMessage,
  type ProviderWarning,
  type SendReceipt,
  type TelephonyProvider,
} from '@openclaw/telephony-core';
import { answering } from './answers.ts';
import { contractValues } from './contract-values.ts';
import { plainMessage } from './messages.ts';
import { acceptedNeed, requireFixture } from './missing-fixture.ts';
import { valuesIn } from './request-values.ts';
import { play } from './scene.ts';
import type { Suite } from './suite.ts';

const { text, emojiText, pictureUrl, statusCallbackUrl } = contractValues;

/** What is accepted, and what is accepted in part. */
export function describeSend<Provider extends TelephonyProvider>(suite: Suite<Provider>): void {
  const { runner, claims } = suite;
  const capabilities = claims.messaging;
  if (capabilities === undefined) return;
  runner.describe('send', () => {
    runner.it('sends a text in exactly one request, and returns the id', async () => {
      const { receipt, values } = await sendOnce(suite, plainMessage);
      assert.deepEqual(receipt.warnings, []);
      assertHas(values, text, 'the text, character for character');
    });

    runner.it('sends an emoji as it is', async () => {
      const { values } = await sendOnce(suite, { ...plainMessage, text: emojiText });
      assertHas(values, emojiText, 'the emoji, character for character');
    });

    if (capabilities.outboundMedia === false) {
      runner.it('sends the text without the picture that it cannot send, and warns', async () => {
        const { receipt } = await sendOnce(suite, { ...plainMessage, media: [pictureUrl] });
        assertWarns(receipt.warnings, 'media');
      });
    } else {
      runner.it('sends a text with a picture', async () => {
        const { receipt, values } = await sendOnce(suite, { ...plainMessage, media: [pictureUrl] });
        assert.deepEqual(receipt.warnings, []);
        assertHas(values, text, 'the text');
        assertHas(values, pictureUrl.href, 'the URL of the picture');
      });
      runner.it('sends a picture without a text', async () => {
        const { to, from } = plainMessage;
        const { values } = await sendOnce(suite, { to, from, media: [pictureUrl] });
        assertHas(values, pictureUrl.href, 'the URL of the picture');
      });
    }

    if (capabilities.senderPools) {
      runner.it('sends from a sender pool', async () => {
        const id = requireFixture(poolIdOf(suite), {
          path: suite.contract.carrier.kind === 'http' ? 'carrier.send.poolId' : 'carrier.poolId',
          what: 'the id of a sender pool, as the carrier writes it',
          because: 'the provider claims capabilities.senderPools',
        });
        const { values } = await sendOnce(suite, { ...plainMessage, from: { kind: 'pool', id } });
        assertHas(values, id, 'the id of the pool');
      });
    }

    runner.it('asks for receipts of this message, or warns that there are none', async () => {
      const message = { ...plainMessage, statusCallback: statusCallbackUrl };
      const { receipt, values } = await sendOnce(suite, message);
      if (capabilities.deliveryReceipts === 'per-message-url') {
        assert.deepEqual(receipt.warnings, []);
        // A fragment is for the carrier itself, and never part of what it requests.
        const urls = values?.map((value) => value.replace(/#.*$/su, ''));
        assertHas(urls, statusCallbackUrl.href, 'the URL for receipts');
      } else {
        assertWarns(receipt.warnings, 'statusCallback');
      }
    });

    runner.it('warns of an option that it does not know, and sends all the same', async () => {
      const { receipt } = await sendOnce(suite, (id) => ({
        ...plainMessage,
        providerOptions: { [id]: { noSuchOption: 'x' }, anotherProvider: { alsoNot: 1 } },
      }));
      assertWarns(receipt.warnings, 'noSuchOption');
      assert.equal(receipt.warnings.length, 1, 'options of another provider are nobody’s business');
    });
  });
}

/** Sends one message to a carrier that accepts it; checks the receipt and what reached the carrier. */
async function sendOnce<Provider extends TelephonyProvider>(
  { contract }: Suite<Provider>,
  message: OutboundMessage | ((providerId: string) => OutboundMessage),
): Promise<{ readonly receipt: SendReceipt; readonly values: readonly string[] | undefined }> {
  const { carrier } = contract;
  const resolve = (id: string) => (typeof message === 'function' ? message(id) : message);
  let receipt: SendReceipt | undefined;
  let values: readonly string[] | undefined;
  if (carrier.kind === 'simulated') {
    await play(contract, {}, async ({ provider, messaging }) => {
      receipt = await messaging.send(resolve(provider.id));
      assert.equal(carrier.countSent(provider), 1, 'one message is sent for one call');
    });
  } else {
    const accepted = requireFixture(carrier.send?.accepted, acceptedNeed);
    await play(
      contract,
      { answer: answering(accepted.reply) },
      async ({ provider, messaging, requests }) => {
        receipt = await messaging.send(resolve(provider.id));
        assert.equal(requests.length, 1, 'one message takes one request');
        const [request] = requests;
        assert.ok(request);
        assert.equal(request.method, 'POST');
        assert.ok(
          !decodeURIComponent(request.url.href).includes(contractValues.person.slice(1)),
          'the URL holds the number of the person: URLs are written to logs',
        );
        values = valuesIn(request);
        assert.ok(
          values.some((value) => value.replace(/^\+/u, '') === contractValues.person.slice(1)),
          'no value of the request is the recipient',
        );
        assert.equal(receipt.messageId, accepted.messageId, 'the receipt has another id');
        assert.equal(receipt.status, accepted.status, 'the receipt has another status');
        assert.equal(receipt.segmentCount, accepted.segmentCount);
      },
    );
  }
  assert.ok(receipt);
  assert.notEqual(receipt.messageId, '', 'the receipt has no id');
  assert.ok(isDeliveryStatus(receipt.status), 'the receipt has a status that the contract lacks');
  assert.ok(receipt.raw !== undefined, 'the receipt lacks what the carrier said');
  return { receipt, values };
}

function poolIdOf<Provider extends TelephonyProvider>({
  contract: { carrier },
}: Suite<Provider>): string | undefined {
  return carrier.kind === 'http' ? carrier.send?.poolId : carrier.poolId;
}

/** A simulated carrier has no request to look at. */
function assertHas(values: readonly string[] | undefined, wanted: string, what: string): void {
  if (values === undefined) return;
  assert.ok(values.includes(wanted), `no value of the request is ${what}`);
}

function assertWarns(warnings: readonly ProviderWarning[], feature: string): void {
  assert.ok(
    warnings.some((warning) => warning.feature.includes(feature)),
    `no warning names ${feature}`,
  );
  for (const { type } of warnings) assert.ok(type === 'unsupported' || type === 'adjusted');
}
