import { mockError } from '@openclaw/provider-mock';
import {
  markVerified,
  type MessagingProvider,
  type TelephonyProvider,
} from '@openclaw/telephony-core';
import { afterEach, describe, expect, it } from 'vitest';
import { Dead, Retry } from '@openclaw/telephony-store';
import { createConfirmation } from './confirmation.ts';
import { ada, type RunningServer, startServer } from '../running-server.testing.ts';

const open: RunningServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((running) => running.close()));
});

const unreachable = (): Promise<never> => Promise.reject(mockError('network'));

const minuteMs = 60_000;
/** By the server's clock, every webhook came ten minutes ago: the carrier must have listed it by now. */
const later = (): Date => new Date(Date.now() + 10 * minuteMs);

/** A server whose carrier signs no bodies, and knows only the messages that are named. */
async function startUnsigned(
  known: readonly string[],
  over: { readonly getMessage?: MessagingProvider['getMessage']; readonly now?: () => Date } = {},
): Promise<RunningServer> {
  const running = await startServer({
    now: over.now ?? later,
    capabilities: { optOut: 'application' },
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
        getMessage:
          over.getMessage ??
          ((id) =>
            known.includes(id)
              ? Promise.resolve({ status: 'unrecognized', raw: {} })
              : Promise.reject(mockError('not_found'))),
      },
    }),
  });
  open.push(running);
  return running;
}

const now = (): Date => new Date(3_600_000);
const ago = (ms: number): Date => new Date(3_600_000 - ms);
const messagingOf = async (code: 'network' | 'not_found'): Promise<MessagingProvider> => ({
  capabilities: (await startUnsigned([])).provider.messaging.capabilities,
  send: unreachable,
  getMessage: () => Promise.reject(mockError(code)),
});

describe('a webhook that does not sign its body', () => {
  it('is believed once the carrier says that it knows the message', async () => {
    const running = await startUnsigned(['in-1']);
    expect((await running.text('hello')).status).toBe(200);
    expect(await running.sent()).toEqual(['echo hello']);
  });
  it('is given up when the carrier knows no such message, START and receipts too', async () => {
    const running = await startUnsigned([]);
    await running.text('hello');
    await running.text('START');
    await running.receipt({ id: 'm', status: 'delivered' });
    expect(await running.sent()).toEqual([]);
    expect(await running.server.delivery('m')).toBeUndefined();
    await expect(running.server.send({ to: ada, text: 'hi' })).resolves.toBeDefined();
  });
  it('waits while the carrier does not answer', async () => {
    const ask = createConfirmation(await messagingOf('network'), { now });
    await expect(ask('m', now())).rejects.toMatchObject({ code: 'network' });
  });
  it('waits some minutes for a carrier that lists messages late', async () => {
    const ask = createConfirmation(await messagingOf('not_found'), { now });
    await expect(ask('m', now())).rejects.toBeInstanceOf(Retry);
    await expect(ask('m', ago(5 * minuteMs - 1))).rejects.toBeInstanceOf(Retry);
    await expect(ask('m', ago(5 * minuteMs))).rejects.toBeInstanceOf(Dead);
    await expect(ask('m', ago(-1))).rejects.toBeInstanceOf(Dead);
  });
  it('is given up where the carrier cannot be asked', async () => {
    const { capabilities } = (await startUnsigned([])).provider.messaging;
    const ask = createConfirmation({ capabilities, send: unreachable }, { now });
    await expect(ask('m', now())).rejects.toThrow('the carrier cannot be asked');
  });
});

describe('a STOP that does not sign its body', () => {
  const stopped = { code: 'recipient_opted_out' };
  it('blocks at once, though the carrier does not answer, and goes on asking for the confirmation', async () => {
    const running = await startUnsigned([], { getMessage: unreachable });
    await running.text('STOP');
    expect(await running.sent()).toEqual([]);
    await expect(
      running.server.send({ to: ada, text: 'hi', purpose: 'operator' }),
    ).rejects.toMatchObject(stopped);
    expect(running.lines.join('\n')).toContain('START lifts it');
  });
  it('blocks even when the carrier knows no such message: nothing is said, and START lifts it', async () => {
    const known = ['in-2'];
    const running = await startUnsigned(known);
    await running.text('STOP');
    expect(await running.sent()).toEqual([]);
    const hello = { to: ada, text: 'hi', purpose: 'operator' } as const;
    await expect(running.server.send(hello)).rejects.toMatchObject(stopped);
    await running.text('START');
    await running.server.idle();
    await expect(running.server.send(hello)).resolves.toBeDefined();
  });
  it('is answered once the carrier confirms it', async () => {
    const running = await startUnsigned(['in-1']);
    await running.text('STOP');
    expect(await running.sent()).toEqual([expect.stringContaining('unsubscribed')]);
  });
});
