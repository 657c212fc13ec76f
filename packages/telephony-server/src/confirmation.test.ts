import { mockError } from '@openclaw/provider-mock';
import { markVerified, type TelephonyProvider } from '@openclaw/telephony-core';
import { afterEach, describe, expect, it } from 'vitest';
import { createConfirmation } from './confirmation.ts';
import { ada, type RunningServer, startServer } from './running-server.testing.ts';

const open: RunningServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((running) => running.close()));
});

const unreachable = (): Promise<never> => Promise.reject(mockError('network'));

/** A server whose carrier signs no bodies, and knows only the messages that are named. */
async function startUnsigned(known: readonly string[]): Promise<RunningServer> {
  const running = await startServer({
    change: (provider): TelephonyProvider => ({
      ...provider,
      webhooks: {
        ...provider.webhooks,
        verify: (request) => {
          provider.webhooks.verify(request);
          return markVerified(request, { bodyAuthenticated: false });
        },
      },
      messaging: {
        ...provider.messaging,
        send: (message, options) => provider.messaging.send(message, options),
        getMessage: (id) =>
          known.includes(id)
            ? Promise.resolve({ status: 'unrecognized', raw: {} })
            : Promise.reject(mockError('not_found')),
      },
    }),
  });
  open.push(running);
  return running;
}

describe('a webhook that does not sign its body', () => {
  it('is believed once the carrier says that it knows the message', async () => {
    const running = await startUnsigned(['in-1']);
    expect((await running.text('hello')).status).toBe(200);
    expect(await running.sent()).toEqual(['echo hello']);
  });
  it('is given up when the carrier knows no such message, STOP and receipts too', async () => {
    const running = await startUnsigned([]);
    await running.text('hello');
    await running.text('STOP');
    await running.receipt({ id: 'm', status: 'delivered' });
    expect(await running.sent()).toEqual([]);
    expect(await running.server.delivery('m')).toBeUndefined();
    await expect(running.server.send({ to: ada, text: 'hi' })).resolves.toBeDefined();
  });
  it('waits while the carrier does not answer', async () => {
    const messaging = {
      capabilities: (await startUnsigned([])).provider.messaging.capabilities,
      send: unreachable,
      getMessage: () => Promise.reject(mockError('network')),
    };
    await expect(createConfirmation(messaging)('m')).rejects.toMatchObject({ code: 'network' });
  });
  it('is given up where the carrier cannot be asked', async () => {
    const { capabilities } = (await startUnsigned([])).provider.messaging;
    await expect(createConfirmation({ capabilities, send: unreachable })('m')).rejects.toThrow(
      'the carrier cannot be asked',
    );
  });
});
