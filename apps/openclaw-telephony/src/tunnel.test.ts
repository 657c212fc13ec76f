import { parseAccounts } from '@openclaw/telephony-config';
import { expect, it, onTestFinished, vi } from 'vitest';
import { problemOf, reportProblem } from './running.ts';
import { openConfiguredTunnel } from './tunnel.ts';

const nothing = (): void => undefined;
const logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };

const tunnel = vi.hoisted(() => {
  const listeners: (() => void)[] = [];
  return { listeners, url: 'https://first.example.com' };
});

// No program is started: the tunnel is one that moves when the test says so.
vi.mock('./tunnel-programs.ts', () => ({
  carrierUrl: () => new URL(tunnel.url),
  openTunnel: ({ signal }: { readonly signal: AbortSignal }) =>
    Promise.resolve({
      onUrlChange: (listener: () => void) => void tunnel.listeners.push(listener),
      closed: new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve({ because: 'closed' }));
      }),
    }),
}));

it('takes back what it told of an address, when the next one works', async () => {
  const value = {
    provider: 'mock',
    fromNumber: '+15550100100',
    mock: { webhookSecret: 'secret' },
    tunnel: { provider: 'cloudflared' },
  };
  const [account] = parseAccounts(value);
  if (account === undefined) throw new Error('there is one');
  const tried: string[] = [];
  const opened = openConfiguredTunnel({
    accounts: [account],
    port: 1,
    logger,
    onUrl(origin) {
      tried.push(origin);
      return tried.length === 1 ? Promise.reject(new Error('no room')) : Promise.resolve();
    },
    onProblem: (problem) => reportProblem('default', problem),
  });
  onTestFinished(() => opened?.close());
  await vi.waitFor(() => expect(problemOf('default')).toBe('no room'));
  tunnel.url = 'https://second.example.com';
  for (const listener of tunnel.listeners) listener();
  await vi.waitFor(() => expect(problemOf('default')).toBeUndefined());
  expect(tried).toEqual(['https://first.example.com', 'https://second.example.com']);
});
