import { describe, expect, it } from 'vitest';
import { answering } from './answers.ts';
import { failuresOf } from './collecting-runner.testing.ts';
import type { ProviderContract, Stage } from './fixtures.ts';
import { createPigeonProvider, pigeonCarrier, pigeonContract } from './pigeon-contract.testing.ts';
import { createStage } from './scripted-stage.ts';

/** A pigeon that carries its carrier with it, unless it is told to use the kit's stage as well. */
function simulated(countSent: number, alsoUse?: (stage: Stage) => Promise<unknown>) {
  const contract: ProviderContract = {
    ...pigeonContract((stage) => {
      const inner = createStage(answering(pigeonCarrier.send.accepted.reply));
      const { messaging, ...provider } = createPigeonProvider(inner);
      return {
        ...provider,
        messaging: {
          ...messaging,
          async send(message, options) {
            await alsoUse?.(stage);
            return messaging.send(message, options);
          },
        },
      };
    }),
    carrier: { kind: 'simulated', failNext: () => undefined, countSent: () => countSent },
  };
  return failuresOf(contract).then((failures) => failures.join('\n'));
}

describe('a simulated carrier', () => {
  it('fails the kit when it does not fail as it is told', async () => {
    expect(await simulated(1)).toMatch(
      /send fails > a time-out: timeout, unknown: it should have failed/u,
    );
  });

  it('fails the kit when one call sends two messages', async () => {
    expect(await simulated(2)).toMatch(/one message is sent for one call/u);
  });

  it('fails the kit when it is spoken to over HTTP', async () => {
    expect(await simulated(1, ({ fetch }) => fetch('https://api.pigeon.example.com/'))).toMatch(
      /a simulated carrier was spoken to over HTTP/u,
    );
  });

  it('needs a pool and a file where they are claimed', async () => {
    const failures = await simulated(1);
    expect(failures).toContain('the fixture carrier.poolId is missing');
    expect(failures).toContain('the fixture carrier.hostMedia is missing');
  });
});
