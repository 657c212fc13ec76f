import { parseE164, TelephonyError } from '@openclaw/telephony-core';
import { createMemoryStore } from '@openclaw/telephony-store';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AccessControl } from '../inbox/access.ts';
import { ada, startServer, type RunningServer } from '../running-server.testing.ts';
import type { OutboundOptions } from '../server-types.ts';
import { failing, failure } from './failing-carrier.testing.ts';
import type { Failover } from './failover.ts';
import { digestId } from './send-id.ts';

const nobody: AccessControl = {
  decide: () => Promise.resolve({ access: 'ignore', because: 'policy' }),
  admits: () => Promise.resolve(false),
};
const ourOther = parseE164('+15550100101');
/** Two accounts on one store; the first one's carrier does what it is told, and the second one stands in for it. */
async function twoAccounts(
  options: {
    readonly afterMs?: number;
    readonly backup?: OutboundOptions;
    readonly access?: AccessControl;
    readonly isBackupIdle?: boolean;
  } = {},
) {
  const clock = { ms: Date.UTC(2026, 10, 20, 12) };
  const now = (): Date => new Date(clock.ms);
  const store = createMemoryStore({ now });
  const failures: (TelephonyError | undefined)[] = [];
  const backup = await startServer({
    store,
    now,
    accountId: 'backup',
    sender: { kind: 'number', address: ourOther },
    outbound: { segmentsPerSecond: Infinity, ...options.backup },
    ...(options.access ? { access: options.access } : {}),
    idle: options.isBackupIdle === true,
  });
  const main = await startServer({
    store,
    now,
    accountId: 'main',
    outbound: {
      segmentsPerSecond: Infinity,
      failover: {
        standIn: {
          accountId: 'backup',
          takeOver: (id, send) => backup.server.takeOver(id, send),
        },
        afterMs: options.afterMs ?? 0,
      },
    },
    change: (provider) => ({
      ...provider,
      messaging: failing(provider.messaging, failures),
    }),
  });
  onTestFinished(async () => {
    await main.close();
    await backup.close();
  });
  const send = (text = 'hello', id = 'a') =>
    main.server.send({ id, to: ada, text, purpose: 'operator' });
  const sent = async () => {
    const own = await main.sent();
    return { main: own, backup: await backup.sent() };
  };
  const states = async (id = 'a') =>
    (await main.server.sendProgress(id))?.messages.map(({ state }) => state);
  const statesThere = async (id = 'a') =>
    (await backup.server.sendProgress(digestId('failover', 'main', id)))?.messages.map(
      ({ state }) => state,
    );
  return { clock, main, backup, failures, send, sent, states, statesThere };
}

const froms = ({ provider }: RunningServer) =>
  provider.sent.map(({ message }) => 'address' in message.from && message.from.address);

describe('a text that the carrier of its account does not take', () => {
  it('leaves from the account that stands in, once, and its own says where it went', async () => {
    const { backup, failures, send, sent, states, statesThere } = await twoAccounts();
    failures.push(failure('provider_unavailable'));
    await send();
    expect(await sent()).toEqual({ main: [], backup: ['hello'] });
    expect(froms(backup)).toEqual([ourOther]);
    expect(await states()).toEqual(['handed-over']);
    expect(await statesThere()).toEqual(['accepted']);
    expect(await send()).toMatchObject({ duplicate: true });
    expect(await sent()).toEqual({ main: [], backup: ['hello'] });
  });

  it.each(['auth_failed', 'account_blocked', 'sender_not_allowed'] as const)(
    'does so at once when the account cannot send at all (%s)',
    async (code) => {
      const { failures, send, sent } = await twoAccounts({ afterMs: 3_600_000 });
      failures.push(failure(code));
      await send();
      expect(await sent()).toEqual({ main: [], backup: ['hello'] });
    },
  );

  it('is tried at its own for as long as was asked for', async () => {
    const { failures, send, sent, states } = await twoAccounts({ afterMs: 60_000 });
    failures.push(failure('network'));
    await send();
    expect(await sent()).toEqual({ main: [], backup: [] });
    expect(await states()).toEqual(['waiting']);
  });

  it.each([
    failure('invalid_recipient'),
    failure('content_rejected'),
    failure('permission_denied'),
    failure('provider_unavailable', 'unknown'),
  ])(
    'stays when that says nothing of the account, or it may have left: $code $outcome',
    async (error) => {
      const { failures, send, sent } = await twoAccounts();
      failures.push(error);
      await send();
      expect(await sent()).toEqual({ main: [], backup: [] });
    },
  );

  it('goes over without being tried when the carrier has been silent for so long, and holds its sender', async () => {
    const { clock, failures, send, sent, states } = await twoAccounts({ afterMs: 60_000 });
    failures.push(
      new TelephonyError('provider_unavailable', 'no', {
        outcome: 'unknown',
        retryAfterMs: 120_000,
      }),
    );
    await send('lost', 'a');
    await sent();
    clock.ms += 60_000;
    await send('held', 'b');
    expect(await sent()).toEqual({ main: [], backup: ['held'] });
    expect([await states('a'), await states('b')]).toEqual([['unknown'], ['handed-over']]);
  });

  it('is another matter than what the other account sends under the same id', async () => {
    const { backup, failures, send, sent } = await twoAccounts();
    failures.push(failure('auth_failed'));
    await backup.server.send({ id: 'a', to: ada, text: 'its own', purpose: 'operator' });
    await send('handed over', 'a');
    expect((await sent()).backup).toEqual(['its own', 'handed over']);
  });

  it('stays when it is a notice of its account, such as the confirmation of a STOP', async () => {
    const { main, failures, sent } = await twoAccounts();
    failures.push(failure('auth_failed'));
    await main.text('STOP');
    expect(await sent()).toEqual({ main: [], backup: [] });
  });

  it('stays once a part of it has left, which came from another number', async () => {
    const { failures, send, sent, states } = await twoAccounts();
    failures.push(undefined, failure('auth_failed'));
    await send('A long story. '.repeat(150));
    const { main, backup } = await sent();
    expect(main).toHaveLength(1);
    expect(backup).toEqual([]);
    expect((await states())?.slice(0, 3)).toEqual(['accepted', 'failed', 'skipped']);
  });

  it('goes the usual way when its person may not be texted from there', async () => {
    const { failures, send, sent, states } = await twoAccounts({
      backup: { allowTo: ['+15550100199'] },
      access: nobody,
    });
    failures.push(failure('auth_failed'));
    await send();
    expect(await sent()).toEqual({ main: [], backup: [] });
    expect(await states()).toEqual(['failed']);
  });

  it('keeps to the limits of the account that stands in', async () => {
    const { failures, send, sent, states } = await twoAccounts({ backup: { maxPerHour: 1 } });
    failures.push(failure('auth_failed'), failure('auth_failed'));
    await send('one', 'a');
    await sent();
    await send('two', 'b');
    expect(await sent()).toEqual({ main: [], backup: ['one'] });
    expect(await states('b')).toEqual(['failed']);
  });

  it('does not leave when its person says STOP to either account meanwhile', async () => {
    const { main, backup, failures, send, statesThere } = await twoAccounts({ isBackupIdle: true });
    failures.push(failure('auth_failed'));
    await send();
    await main.server.idle();
    await main.text('STOP');
    await main.server.idle();
    backup.server.start();
    await backup.sent();
    expect(backup.provider.sent).toEqual([]);
    expect(await statesThere()).toEqual(['failed']);
  });

  it('is answered with a STOP that holds for the account whose text it was', async () => {
    const { backup, failures, send, sent, states } = await twoAccounts();
    failures.push(failure('auth_failed'));
    await send('advert');
    expect(await sent()).toEqual({ main: [], backup: ['advert'] });
    await backup.text('STOP');
    await backup.server.idle();
    // Its own carrier takes texts again.
    await expect(send('another', 'b')).rejects.toThrow('asked not to be texted');
    expect((await sent()).main).toEqual([]);
    expect(await states('b')).toBeUndefined();
  });

  it('is not handed on by the one that stands in, nor back', async () => {
    const store = createMemoryStore();
    const servers: RunningServer[] = [];
    const standIn = (index: number, accountId: string): Failover => ({
      standIn: {
        accountId,
        takeOver: async (id, send) => servers[index]?.server.takeOver(id, send),
      },
      afterMs: 0,
    });
    for (const [index, accountId] of ['one', 'two'].entries()) {
      servers.push(
        await startServer({
          store,
          accountId,
          outbound: {
            segmentsPerSecond: Infinity,
            failover: standIn(1 - index, index === 0 ? 'two' : 'one'),
          },
          change: (provider) => ({
            ...provider,
            messaging: {
              ...provider.messaging,
              send: () => Promise.reject(failure('auth_failed')),
            },
          }),
        }),
      );
    }
    const [one, two] = servers;
    onTestFinished(async () => {
      for (const running of servers) await running.close();
    });
    await one?.server.send({ id: 'a', to: ada, text: 'hello', purpose: 'operator' });
    await one?.server.idle();
    await two?.server.idle();
    expect((await one?.server.sendProgress('a'))?.messages).toMatchObject([
      { state: 'handed-over', account: 'two' },
    ]);
    const there = await two?.server.sendProgress(digestId('failover', 'one', 'a'));
    expect(there?.messages).toMatchObject([{ state: 'failed' }]);
  });
});
