import { createMemoryStore } from '@openclaw/telephony-store';
import { describe, expect, it } from 'vitest';
import { createAccessPolicy } from './access-policy.ts';
import { createPairingStore, type PairingStore } from './pairing-store.ts';

const ann = '+15550100001';
const ben = '+15550100002';
const stranger = '+15550100009';

const openPairing = (): PairingStore =>
  createPairingStore({ keyValue: createMemoryStore().keyValue, maxPending: 1 });

const brokenStore = (): Promise<never> => Promise.reject(new Error('the disk is gone'));
const brokenPairing: PairingStore = {
  request: brokenStore,
  approve: brokenStore,
  revoke: brokenStore,
  isApproved: brokenStore,
  approved: brokenStore,
  pending: brokenStore,
};

describe('the policy "disabled"', () => {
  it('lets nobody in, not even who is listed', async () => {
    const policy = createAccessPolicy({ policy: 'disabled', allowFrom: [ann] });
    expect(await policy.decide(ann)).toEqual({ access: 'ignore', because: 'disabled' });
    expect(await policy.admits(ann)).toBe(false);
  });
});

describe('the policy "allowlist"', () => {
  it('lets in who is listed, exactly, and is silent to the rest (C2, C38)', async () => {
    const pairing = openPairing();
    const policy = createAccessPolicy({ policy: 'allowlist', allowFrom: [ann, '40404'], pairing });
    expect(await policy.decide(ann)).toEqual({ access: 'allow' });
    expect(await policy.decide('40404')).toEqual({ access: 'allow' });
    for (const other of [stranger, `+999${ann.slice(1)}`, ann.slice(1), `${ann}1`, ` ${ann}`]) {
      expect(await policy.decide(other)).toEqual({ access: 'ignore', because: 'not-on-allowlist' });
      expect(await policy.admits(other)).toBe(false);
    }
    expect(await pairing.pending()).toEqual([]);
  });
});

describe('the policy "open"', () => {
  it('lets in everybody who has an identity', async () => {
    const policy = createAccessPolicy({ policy: 'open', allowFrom: ['*'] });
    expect(await policy.decide(stranger)).toEqual({ access: 'allow' });
    expect(await policy.decide('BANK')).toEqual({ access: 'allow' });
    expect(await policy.decide('')).toEqual({ access: 'ignore', because: 'no-identity' });
  });
  it('has let in by name only who is listed or was approved: those alone may be texted first', async () => {
    const pairing = openPairing();
    const asked = await pairing.request(ben);
    if (asked.status === 'created') await pairing.approve(asked.code);
    const policy = createAccessPolicy({ policy: 'open', allowFrom: ['*', ann], pairing });
    expect(await policy.admits(ann)).toBe(true);
    expect(await policy.admits(ben)).toBe(true);
    expect(await policy.admits(stranger)).toBe(false);
    expect(await policy.admits('')).toBe(false);
  });
});

describe('the policy "pairing"', () => {
  it('gives a stranger one code, says once that it is new, and lets in who was approved', async () => {
    const pairing = openPairing();
    const policy = createAccessPolicy({ policy: 'pairing', allowFrom: [ann], pairing });
    expect(await policy.decide(ann)).toEqual({ access: 'allow' });
    const all = await Promise.all([1, 2, 3].map(() => policy.decide(stranger)));
    expect(all.filter((one) => one.access === 'pair' && one.isNew)).toHaveLength(1);
    const [first] = await pairing.pending();
    const { code = '', expiresAt } = first ?? {};
    expect(await policy.decide(stranger)).toEqual({
      access: 'pair',
      code,
      isNew: false,
      expiresAt,
    });
    expect(await policy.admits(stranger)).toBe(false);
    expect(await policy.decide(ben)).toEqual({ access: 'ignore', because: 'too-many-pending' });
    await pairing.approve(code);
    expect(await policy.decide(stranger)).toEqual({ access: 'allow' });
    expect(await policy.admits(stranger)).toBe(true);
  });

  it('gives no code to who could not answer, unless told otherwise', async () => {
    const pairing = openPairing();
    const policy = createAccessPolicy({ policy: 'pairing', allowFrom: [], pairing });
    for (const sender of ['40404', 'BANK', 'sip:ann@example.org', '+1', '+0123456789']) {
      expect(await policy.decide(sender)).toEqual({ access: 'ignore', because: 'not-pairable' });
    }
    expect(await pairing.pending()).toEqual([]);
    const wider = createAccessPolicy({
      policy: 'pairing',
      allowFrom: [],
      pairing,
      isPairable: () => true,
    });
    expect(await wider.decide('40404')).toMatchObject({ access: 'pair' });
  });

  it('stays shut when its store fails, for all but who is listed, and asking for access creates nothing (C39)', async () => {
    const errors: unknown[] = [];
    const policy = createAccessPolicy({
      policy: 'pairing',
      allowFrom: [ann],
      pairing: brokenPairing,
      onError: (error) => errors.push(error),
    });
    expect(await policy.decide(stranger)).toEqual({
      access: 'ignore',
      because: 'store-unavailable',
    });
    expect(await policy.admits(stranger)).toBe(false);
    expect(await policy.decide(ann)).toEqual({ access: 'allow' });
    expect(await policy.admits(ann)).toBe(true);
    expect(errors).toHaveLength(2);
    const open = createAccessPolicy({ policy: 'open', allowFrom: ['*'], pairing: brokenPairing });
    expect(await open.decide(stranger)).toEqual({ access: 'allow' });
  });

  it('creates no code for a mere question', async () => {
    const pairing = openPairing();
    const policy = createAccessPolicy({ policy: 'pairing', allowFrom: [], pairing });
    expect(await policy.admits(stranger)).toBe(false);
    expect(await pairing.pending()).toEqual([]);
  });
});

describe('every policy', () => {
  it('lets nobody in who has no identity', async () => {
    const pairing = openPairing();
    const policies = [
      createAccessPolicy({ policy: 'open', allowFrom: ['*'] }),
      createAccessPolicy({ policy: 'allowlist', allowFrom: [ann] }),
      createAccessPolicy({ policy: 'pairing', allowFrom: [ann], pairing }),
    ];
    for (const policy of policies) {
      for (const nobody of ['', ' ', 'anonymous', 'Restricted', 'UNKNOWN']) {
        expect(await policy.decide(nobody)).toEqual({ access: 'ignore', because: 'no-identity' });
        expect(await policy.admits(nobody)).toBe(false);
      }
    }
  });

  it('says what to change about options that contradict each other', () => {
    expect(() => createAccessPolicy({ policy: 'open', allowFrom: [ann] })).toThrow(
      /allowFrom: \["\*"\]/u,
    );
    for (const policy of ['disabled', 'allowlist', 'pairing'] as const) {
      const pairing = openPairing();
      expect(() => createAccessPolicy({ policy, allowFrom: ['*'], pairing })).toThrow(/"\*"/u);
    }
    for (const entry of ['', ' ', 'anonymous']) {
      expect(() => createAccessPolicy({ policy: 'allowlist', allowFrom: [entry] })).toThrow(
        /allowFrom/u,
      );
    }
    expect(() => createAccessPolicy({ policy: 'pairing', allowFrom: [] })).toThrow(/`pairing`/u);
  });
});
