import assert from 'node:assert/strict';
import {
  type DeliveryStatus,
  type MessageEvent,
  mergeDeliveryStatus,
  type TelephonyProvider,
} from '@openclaw/telephony-core';
import { contractValues } from './contract-values.ts';
import type { ReceiptFixtures } from './fixtures.ts';
import { itWithFixture, requireFixture } from './missing-fixture.ts';
import { play, type Scene } from './scene.ts';
import type { Suite } from './suite.ts';
import { receiveOne, seal } from './webhook-scene.ts';

type StatusEvent = Extract<MessageEvent, { readonly type: 'message.status' }>;

/** A number that no carrier has. */
const unknownErrorCode = '999999999';

/** What became of our messages, in the carrier's words. */
export function describeReceipts<Provider extends TelephonyProvider>({
  runner,
  contract,
  claims,
}: Suite<Provider>): void {
  const claim = claims.messaging?.deliveryReceipts ?? 'none';
  if (claim === 'none') return;
  const because = `the provider claims capabilities.deliveryReceipts: ${claim}`;
  const fixturesOf = (): ReceiptFixtures =>
    requireFixture(contract.receipts, {
      path: 'receipts',
      what: 'the raw webhooks that report on a message of ours',
      because,
    });
  const receiveWord = async (
    scene: Scene<Provider>,
    word: string,
    errorCode?: string,
  ): Promise<StatusEvent> => {
    const { request, messageId } = fixturesOf();
    const raw = errorCode === undefined ? request(word) : request(word, errorCode);
    const event = receiveOne(contract, scene, await seal(contract.webhooks, raw));
    assert.equal(event.type, 'message.status', `a receipt became ${event.type}`);
    assert.equal(event.messageId, messageId, 'the receipt is about another message');
    return event;
  };
  const it = (name: string, body: (scene: Scene<Provider>) => Promise<void>): void => {
    runner.it(name, () => play(contract, {}, body));
  };

  runner.describe('receipts', () => {
    for (const [word, status] of Object.entries(contract.receipts?.statuses ?? {})) {
      it(`${word} is ${status}`, async (scene) => {
        const event = await receiveWord(scene, word);
        assert.equal(event.status, status);
      });
    }

    it('knows at least that a message was sent, and how it ended', async () => {
      const statuses = new Set(Object.values(fixturesOf().statuses));
      const wanted: readonly DeliveryStatus[] = ['sent', 'delivered'];
      for (const status of wanted) {
        assert.ok(statuses.has(status), `no word of receipts.statuses means ${status}`);
      }
      assert.ok(
        statuses.has('failed') || statuses.has('undelivered'),
        'no word of receipts.statuses means that it failed',
      );
    });

    it('takes a word that it does not know, and keeps it', async (scene) => {
      const { unknownStatus } = contractValues;
      const event = await receiveWord(scene, unknownStatus);
      assert.equal(event.status, 'unrecognized');
      assert.ok(JSON.stringify(event.raw).includes(unknownStatus), 'raw lacks the new word');
    });

    it('gives each step a key of its own, and the same key when it comes twice', async (scene) => {
      const words = [...Object.keys(fixturesOf().statuses), contractValues.unknownStatus];
      const keys: string[] = [];
      for (const word of words) {
        const { dedupeKey } = await receiveWord(scene, word);
        assert.equal((await receiveWord(scene, word)).dedupeKey, dedupeKey);
        keys.push(dedupeKey);
      }
      assert.equal(new Set(keys).size, words.length, 'two steps have one key');
    });

    it('ends in the same status in whatever order they come', async (scene) => {
      const words = Object.keys(fixturesOf().statuses);
      const endOf = async (order: readonly string[]): Promise<DeliveryStatus> => {
        let end: DeliveryStatus = 'unrecognized';
        for (const word of order) {
          end = mergeDeliveryStatus(end, (await receiveWord(scene, word)).status);
        }
        return end;
      };
      assert.equal(await endOf(words.toReversed()), await endOf(words));
    });

    it('tells the carrier’s error code, and none where there is none', async (scene) => {
      const { statuses, failure } = fixturesOf();
      const { carrierWord, carrierErrorCode } = requireFixture(failure, {
        path: 'receipts.failure',
        what: 'a word that comes with an error code, and the code',
        because,
      });
      const event = await receiveWord(scene, carrierWord, carrierErrorCode);
      assert.equal(event.carrierErrorCode, carrierErrorCode);
      assert.equal(event.status, statuses[carrierWord]);
      const delivered = Object.keys(statuses).find((word) => statuses[word] === 'delivered');
      if (delivered === undefined) return;
      assert.equal((await receiveWord(scene, delivered)).carrierErrorCode, undefined);
    });

    if (!claims.errorCodeOf) return;
    itWithFixture(
      runner,
      'knows the carrier’s number for an opt-out, and nothing of a number that nobody knows',
      contract.receipts?.optedOut,
      {
        path: 'receipts.optedOut',
        what: 'the carrier’s error number for a recipient who opted out, or { never: why not }',
        because: 'the provider has messaging.errorCodeOf',
      },
      ({ carrierErrorCode }) =>
        play(contract, {}, async ({ messaging }) => {
          assert.equal(messaging.errorCodeOf?.(carrierErrorCode), 'recipient_opted_out');
          assert.equal(messaging.errorCodeOf?.(unknownErrorCode), undefined, 'it guesses');
        }),
    );
  });
}
