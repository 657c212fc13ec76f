import type { TelephonyProvider } from '@openclaw/telephony-core';
import type { ProviderContract, Runner } from '@openclaw/provider-testkit';
import { vi } from 'vitest';
import { dispatcherOver } from './stage-dispatcher.testing.ts';
import { createUndiciTransport } from './undici-transport.ts';

// Each provider runs its own contract, as in its own package; only what carries the requests is another.
vi.mock('@openclaw/provider-testkit', async (original) => {
  const kit = await original<typeof import('@openclaw/provider-testkit')>();
  return {
    ...kit,
    recordRequests: () => () => undefined,
    runProviderContract<Provider extends TelephonyProvider>(
      contract: ProviderContract<Provider>,
      runner: Runner,
    ): void {
      kit.runProviderContract(
        {
          ...contract,
          createProvider: (stage) =>
            contract.createProvider({
              ...stage,
              transport: createUndiciTransport({ dispatcher: dispatcherOver(stage.fetch) }),
            }),
        },
        runner,
      );
    },
  };
});

// A module that this worker has run already would run no suite again, neither here nor as the test that it is.
vi.resetModules();
for (const provider of ['twilio', 'telnyx', 'plivo']) {
  await import(new URL(`../../provider-${provider}/src/contract.test.ts`, import.meta.url).href);
}
vi.resetModules();
