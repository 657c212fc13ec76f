import assert from 'node:assert/strict';
import type { NumberSetup, TelephonyProvider } from '@openclaw/telephony-core';
import { assertNoCanary, createCanaries } from './canaries.ts';
import { contractValues } from './contract-values.ts';
import { failureOf } from './failure-of.ts';
import type { LoopbackCarrier, RoundTripContract } from './round-trip-fixtures.ts';
import { playRoundTrip } from './round-trip-scene.ts';
import type { Runner } from './runner.ts';

const { person, ownNumber } = contractValues;
const oldUrl = 'https://old.example.com/sms';

/** Pointing the carrier at us, and putting back what was there. */
export function describeRoundTripNumbers<
  Provider extends TelephonyProvider,
  Carrier extends LoopbackCarrier,
>(contract: RoundTripContract<Provider, Carrier>, runner: Runner): void {
  const { numberSetup } = contract.createProvider({ baseUrl: 'http://127.0.0.1:1' });
  if (numberSetup === undefined) return;

  runner.describe('setting up the number', () => {
    runner.it('points the carrier at us, tells what was there, and puts it back', () =>
      playRoundTrip(contract, async ({ carrier, provider, events, url }) => {
        carrier.setNumber(ownNumber, { messageUrl: oldUrl });
        const setup = numberSetupOf(provider);
        const inspected = await setup.inspect(ownNumber);
        const before = await setup.apply(ownNumber, { messageUrl: url });
        assert.equal(before.messageUrl?.href, oldUrl, 'it does not tell what was there');
        assert.equal((await setup.inspect(ownNumber)).messageUrl?.href, url.href);
        await carrier.text({ from: person, to: ownNumber, text: 'hello' });
        assert.equal(events.length, 1, 'the carrier does not call us');
        await setup.apply(ownNumber, before);
        assert.deepEqual(await setup.inspect(ownNumber), inspected, 'something stayed behind');
      }),
    );

    runner.it('of somebody else is not found', () =>
      playRoundTrip(contract, async ({ provider }) => {
        const error = await failureOf(numberSetupOf(provider).inspect(person));
        assert.deepEqual([error.code, error.outcome], ['not_found', 'not-performed']);
        assertNoCanary(error, 'the error', createCanaries(contract.secrets));
      }),
    );
  });
}

function numberSetupOf({ numberSetup }: TelephonyProvider): NumberSetup {
  assert.ok(numberSetup, 'numberSetup comes and goes');
  return numberSetup;
}
