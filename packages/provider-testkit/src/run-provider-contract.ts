import type { TelephonyProvider } from '@openclaw/telephony-core';
import { answering } from './answers.ts';
import type { ProviderContract } from './fixtures.ts';
import { describeGetMessage } from './get-message-suite.ts';
import { describeInbound } from './inbound-suite.ts';
import { describeMedia } from './media-suite.ts';
import { describeProvider } from './provider-suite.ts';
import { describeReceipts } from './receipt-suite.ts';
import type { Runner } from './runner.ts';
import { createStage } from './scripted-stage.ts';
import { describeSendOutcomes } from './send-outcome-suite.ts';
import { describeSendLimits } from './send-limits-suite.ts';
import { describeSendRefusals } from './send-refusal-suite.ts';
import { describeSend } from './send-suite.ts';
import { describeSendTrouble } from './send-trouble-suite.ts';
import { describeSimulatedFailures } from './simulated-failure-suite.ts';
import { describeSimulatedMedia } from './simulated-media-suite.ts';
import { claimsOf, type Suite } from './suite.ts';
import { describeWebhookBodies } from './webhook-body-suite.ts';
import { describeWebhooks } from './webhook-suite.ts';

/**
 * Declares the tests of the contract for one provider: exactly the scenarios that its capabilities claim.
 *
 * A claimed scenario without a fixture fails, and says which fixture is missing. Each scenario makes a provider of
 * its own and watches the console, the global `fetch` and the network while it runs, so they must run one after the
 * other, as they do by default.
 *
 * @throws whatever `createProvider` throws: it is called once while the tests are declared, to read the claims
 * @example
 * import { describe, it } from 'vitest';
 * runProviderContract(contract, { describe, it });
 */
export function runProviderContract<Provider extends TelephonyProvider>(
  contract: ProviderContract<Provider>,
  runner: Runner,
): void {
  const provider = contract.createProvider(createStage(answering({ status: 500 })));
  const suite: Suite<Provider> = { contract, runner, claims: claimsOf(provider) };
  const { carrier } = contract;
  runner.describe(`the contract, for ${provider.id}`, () => {
    describeProvider(suite);
    describeSend(suite);
    describeSendLimits(suite);
    if (suite.claims.messaging !== undefined) {
      if (carrier.kind === 'simulated') {
        describeSimulatedFailures(suite, carrier);
      } else {
        describeSendRefusals(suite, carrier);
        describeSendTrouble(suite, carrier);
        describeSendOutcomes(suite, carrier);
      }
    }
    describeGetMessage(suite);
    if (suite.claims.fetchMedia) {
      if (carrier.kind === 'simulated') describeSimulatedMedia(suite, carrier);
      else describeMedia(suite, carrier);
    }
    describeWebhooks(suite);
    describeWebhookBodies(suite);
    describeInbound(suite);
    describeReceipts(suite);
  });
}
