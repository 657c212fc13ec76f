import { resolveStableChannelMessageIngress } from 'openclaw/plugin-sdk/channel-ingress-runtime';
import { describe, expect, it } from 'vitest';
import { createAccess, type HostAccess } from './access.ts';
import { readAccount } from './account.ts';

const [ada, ben, stranger] = ['+15550100123', '+15550100124', '+15550100199'];

/** Access over the host's own gate, with the list that `openclaw pairing` keeps. */
function accessWith(
  telephony: object,
  {
    approved = [],
    awaited = [],
  }: { readonly approved?: readonly string[] | 'fails'; readonly awaited?: readonly string[] } = {},
) {
  const cfg = { channels: { telephony: { enabled: true, provider: 'mock', ...telephony } } };
  const ingress = { resolveStable: resolveStableChannelMessageIngress };
  const pairing: HostAccess['pairing'] = {
    readAllowFromStore: () =>
      approved === 'fails' ? Promise.reject(new Error('busy')) : Promise.resolve([...approved]),
    upsertPairingRequest: () => Promise.resolve({ code: 'ABCD2345', created: true }),
  };
  return createAccess({
    host: { inbound: { ingress }, pairing },
    config: () => cfg,
    account: readAccount(cfg),
    awaits: (person) => Promise.resolve(awaited.includes(person)),
    onPairing: () => Promise.resolve(),
  });
}

const open = { inboundPolicy: 'open', allowFrom: ['*', ada] };

describe('the policy "open"', () => {
  it('lets everybody in', async () => {
    expect(await accessWith(open).decide(stranger)).toEqual({ access: 'allow' });
  });

  it('does not make everybody somebody whom an agent may text', async () => {
    const access = accessWith(open, { approved: [ben] });
    expect(await access.admits(stranger)).toBe(false);
    expect([await access.admits(ada), await access.admits(ben)]).toEqual([true, true]);
  });

  it('lets the answer go to whoever texted', async () => {
    const access = accessWith(open, { awaited: [stranger] });
    expect(await access.admits(stranger)).toBe(true);
    expect(await access.admits(ben)).toBe(false);
  });

  it('admits the listed ones and who texted alone while the host’s list cannot be read', async () => {
    const access = accessWith(open, { approved: 'fails', awaited: [ben] });
    expect([
      await access.admits(ada),
      await access.admits(ben),
      await access.admits(stranger),
    ]).toEqual([true, true, false]);
  });
});

describe('the other policies', () => {
  it('do not let somebody in because they texted', async () => {
    const awaited = [stranger];
    for (const inboundPolicy of ['pairing', 'allowlist', 'disabled']) {
      expect(await accessWith({ inboundPolicy }, { awaited }).admits(stranger)).toBe(false);
    }
  });

  it('admit whom the host lets in', async () => {
    expect(await accessWith({}, { approved: [ada] }).admits(ada)).toBe(true);
    expect(await accessWith({}, { approved: [ada] }).decide(stranger)).toMatchObject({
      access: 'pair',
    });
  });
});
