import assert from 'node:assert/strict';
import {
  isDeliveryStatus,
  type MessagingProvider,
  type TelephonyProvider,
} from '@openclaw/telephony-core';
import { answering, echoing, failingWith, timingOut } from './answers.ts';
import type { HttpCarrier } from './fixtures.ts';
import { plainMessage } from './messages.ts';
import { requireFixture } from './missing-fixture.ts';
import { play } from './scene.ts';
import type { Suite } from './suite.ts';

/** Ids that would ask for something else if they became part of a URL as they are. */
const hostileIds = ['', '..', '../../x', 'x/y', 'x?y=1', 'x#y', '%2e%2e%2fx', 'x\r\ny'];

const partsOf = (url: URL): number => url.pathname.split('/').length;

/** Asking what became of a message. It reads, so a failure never leaves anything behind. */
export function describeGetMessage<Provider extends TelephonyProvider>(
  suite: Suite<Provider>,
): void {
  const { contract, runner, claims } = suite;
  if (!claims.getMessage) return;
  runner.describe('getMessage', () => {
    if (contract.carrier.kind === 'http') describeOverHttp(suite, contract.carrier);
    else describeSimulated(suite);
  });
}

function describeOverHttp<Provider extends TelephonyProvider>(
  { runner, contract }: Suite<Provider>,
  carrier: HttpCarrier,
): void {
  const fixtureOf = () =>
    requireFixture(carrier.getMessage, {
      path: 'carrier.getMessage',
      what: 'what the carrier answers when it is asked for a message',
      because: 'the provider has messaging.getMessage',
    });

  runner.it('tells the status in one request that reads', async () => {
    const { messageId, reply, status, carrierErrorCode } = fixtureOf();
    await play(contract, { answer: answering(reply) }, async ({ messaging, requests }) => {
      const state = await getMessageOf(messaging)(messageId);
      assert.equal(state.status, status);
      assert.equal(state.carrierErrorCode, carrierErrorCode);
      assert.ok(state.raw !== undefined, 'the state lacks what the carrier said');
      assert.deepEqual(
        requests.map(({ method }) => method),
        ['GET'],
      );
    });
  });

  runner.it('says when there is no such message', async () => {
    const { messageId, notFound } = fixtureOf();
    await play(contract, { answer: answering(notFound) }, async ({ messaging, failureOf }) => {
      const { code, outcome } = await failureOf(() => getMessageOf(messaging)(messageId));
      assert.deepEqual({ code, outcome }, { code: 'not_found', outcome: 'not-performed' });
    });
  });

  for (const [name, answer, code] of [
    ['a time-out', timingOut(), 'timeout'],
    ['a connection that is reset', failingWith('ECONNRESET'), 'network'],
    ['a 408 of a proxy', answering({ status: 408 }), 'timeout'],
    ['a 500', answering({ status: 500 }), 'provider_unavailable'],
    ['a reply without a status', answering({ status: 200, body: '{}' }), 'malformed_response'],
    ['an HTML error page', echoing(502), 'provider_unavailable'],
    ['a friendly HTML page', echoing(200), 'malformed_response'],
  ] as const) {
    runner.it(`can be asked again after ${name}`, async () => {
      const { messageId } = fixtureOf();
      await play(contract, { answer }, async ({ messaging, failureOf }) => {
        const error = await failureOf(() => getMessageOf(messaging)(messageId));
        assert.equal(error.code, code);
        assert.equal(error.outcome, 'not-performed', 'reading leaves nothing behind');
      });
    });
  }

  for (const id of hostileIds) {
    runner.it(`never lets the id ${JSON.stringify(id)} ask for something else`, async () => {
      const { messageId, reply } = fixtureOf();
      let genuineParts = 0;
      await play(contract, { answer: answering(reply) }, async ({ messaging, requests }) => {
        await getMessageOf(messaging)(messageId);
        genuineParts = requests.map(({ url }) => partsOf(url))[0] ?? 0;
      });
      await play(contract, { answer: answering(reply) }, async ({ messaging, requests }) => {
        await getMessageOf(messaging)(id).catch(() => undefined);
        for (const { url } of requests) {
          assert.notEqual(id, '', 'nothing should have been asked');
          assert.equal(partsOf(url), genuineParts, 'the id changed the path');
          assert.equal(url.search, '', 'the id made a query');
        }
      });
    });
  }
}

function describeSimulated<Provider extends TelephonyProvider>({
  runner,
  contract,
}: Suite<Provider>): void {
  runner.it('tells the status of what was sent, and of nothing else', async () => {
    await play(contract, {}, async ({ messaging, failureOf }) => {
      const { messageId } = await messaging.send(plainMessage);
      const state = await getMessageOf(messaging)(messageId);
      assert.ok(isDeliveryStatus(state.status));
      const error = await failureOf(() => getMessageOf(messaging)(`${messageId}-not`));
      assert.equal(error.code, 'not_found');
    });
  });
}

function getMessageOf(messaging: MessagingProvider): NonNullable<MessagingProvider['getMessage']> {
  const getMessage = messaging.getMessage?.bind(messaging);
  assert.ok(getMessage, 'messaging.getMessage comes and goes');
  return getMessage;
}
