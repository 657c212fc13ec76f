import { createMemoryStore, type KeyValueStore } from '@openclaw/telephony-store';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ann, ben, cleo, codeFor, minuteMs, open } from './open-pairing.testing.ts';
import { createPairingStore } from './pairing-store.ts';

describe('a request', () => {
  it('gets one code, which stays the same until it expires', async () => {
    const { pairing, advance } = open();
    const first = await pairing.request(ann);
    expect(first).toMatchObject({ status: 'created', expiresAt: new Date('2026-01-01T01:00:00Z') });
    advance(60 * minuteMs - 1);
    expect(await pairing.request(ann)).toEqual({ ...first, status: 'pending' });
    advance(1);
    const second = await pairing.request(ann);
    expect(second.status).toBe('created');
    expect(second).not.toMatchObject({ code: 'code' in first ? first.code : '' });
  });

  it('is created once, with one code, however many come at once (C38)', async () => {
    const { pairing } = open();
    const all = await Promise.all(Array.from({ length: 20 }, () => pairing.request(ann)));
    expect(all.filter(({ status }) => status === 'created')).toHaveLength(1);
    expect(new Set(all.map((one) => ('code' in one ? one.code : ''))).size).toBe(1);
  });

  it('finds three places in each account, also when many ask at once', async () => {
    const { pairing, keyValue } = open();
    const senders = Array.from({ length: 12 }, (_, index) => `+1555010${1000 + index}`);
    const all = await Promise.all(senders.map((sender) => pairing.request(sender)));
    expect(all.filter(({ status }) => status === 'created')).toHaveLength(3);
    expect(all.filter(({ status }) => status === 'full')).toHaveLength(9);
    expect(await pairing.pending()).toHaveLength(3);
    const other = open({ keyValue, accountId: 'other' });
    expect((await other.pairing.request(ann)).status).toBe('created');
  });

  it('frees its place when it expires and when it is approved', async () => {
    const { pairing, advance } = open({ maxPending: 1 });
    await pairing.request(ann);
    expect(await pairing.request(ben)).toEqual({ status: 'full' });
    advance(60 * minuteMs);
    await pairing.approve(await codeFor(pairing, ben));
    expect((await pairing.request(cleo)).status).toBe('created');
    expect((await pairing.pending()).map(({ sender }) => sender)).toEqual([cleo]);
  });

  it('never has the code of another', async () => {
    const bytes = [1, 1, 1, 2, 2, 3];
    const { pairing } = open({
      randomBytes: (length) => new Uint8Array(length).fill(bytes.shift() ?? 9),
    });
    const codes = [
      await codeFor(pairing, ann),
      await codeFor(pairing, ben),
      await codeFor(pairing, cleo),
    ];
    expect(codes).toEqual(['BBBBBBBB', 'CCCCCCCC', 'DDDDDDDD']);
  });

  it('gives up on a source of randomness that stands still', async () => {
    const { pairing } = open({ randomBytes: (length) => new Uint8Array(length) });
    await pairing.request(ann);
    await expect(pairing.request(ben)).rejects.toThrow(/randomBytes/u);
  });
});

describe('an approval', () => {
  it('lets in whose code it was, and nobody else', async () => {
    const { pairing } = open();
    const code = await codeFor(pairing, ann);
    await pairing.request(ben);
    const typed = ` ${code.slice(0, 4).toLowerCase()}-${code.slice(4)} `;
    expect(await pairing.approve(typed)).toEqual({ status: 'approved', sender: ann });
    expect(await pairing.isApproved(ann)).toBe(true);
    expect(await pairing.isApproved(ben)).toBe(false);
    expect(await pairing.request(ann)).toEqual({ status: 'approved' });
    expect(await pairing.approved()).toEqual([
      { sender: ann, approvedAt: new Date('2026-01-01T00:00:00Z') },
    ]);
  });

  it('succeeds once for each code, one after the other and at once', async () => {
    const { pairing } = open();
    const code = await codeFor(pairing, ann);
    const all = await Promise.all(Array.from({ length: 8 }, () => pairing.approve(code)));
    expect(all.filter(({ status }) => status === 'approved')).toHaveLength(1);
    expect(all.filter(({ status }) => status === 'already-approved')).toHaveLength(7);
    expect(await pairing.approve(code)).toEqual({ status: 'already-approved', sender: ann });
  });

  it('is made up for when the process died between the code and the approval', async () => {
    const memory = createMemoryStore();
    let dying = true;
    const keyValue: KeyValueStore = {
      ...memory.keyValue,
      async set(key, value, options) {
        if (dying && key.includes('/approved/')) throw new Error('the process died');
        return memory.keyValue.set(key, value, options);
      },
    };
    const pairing = createPairingStore({ keyValue });
    const code = await codeFor(pairing, ann);
    await expect(pairing.approve(code)).rejects.toThrow('the process died');
    expect(await pairing.isApproved(ann)).toBe(false);
    dying = false;
    expect(await pairing.approve(code)).toEqual({ status: 'approved', sender: ann });
  });

  it('says what is wrong with a code', async () => {
    const { pairing, advance } = open();
    const code = await codeFor(pairing, ann);
    for (const wrong of ['', 'AAAAAAAA', code.slice(1), `${code}A`]) {
      expect(await pairing.approve(wrong)).toEqual({ status: 'unknown-code' });
    }
    expect(await pairing.approve(code, { sender: ben })).toEqual({ status: 'unknown-code' });
    advance(60 * minuteMs);
    expect(await pairing.approve(code)).toEqual({ status: 'expired', sender: ann });
    expect(await pairing.isApproved(ann)).toBe(false);
  });

  it('works with the sender named', async () => {
    const { pairing } = open();
    const code = await codeFor(pairing, ann);
    expect(await pairing.approve(code, { sender: ann })).toEqual({
      status: 'approved',
      sender: ann,
    });
  });
});

describe('a revocation', () => {
  it('shuts the door until somebody approves a new code', async () => {
    const { pairing } = open();
    const code = await codeFor(pairing, ann);
    await pairing.approve(code);
    expect(await pairing.revoke(ann)).toBe(true);
    expect(await pairing.revoke(ann)).toBe(false);
    expect(await pairing.isApproved(ann)).toBe(false);
    expect(await pairing.approve(code)).toEqual({ status: 'unknown-code' });
    expect(await pairing.approved()).toEqual([]);
    expect((await pairing.request(ann)).status).toBe('created');
  });

  it('withdraws a code that is pending', async () => {
    const { pairing } = open();
    const code = await codeFor(pairing, ann);
    expect(await pairing.revoke(ann)).toBe(false);
    expect(await pairing.approve(code)).toEqual({ status: 'unknown-code' });
  });
});

describe('an identity', () => {
  it('is compared as it is: nothing before it, nothing after it, nothing like it', async () => {
    const { pairing } = open();
    await pairing.approve(await codeFor(pairing, ann));
    for (const other of [
      '',
      `+999${ann.slice(1)}`,
      ann.slice(1),
      `${ann}0`,
      ` ${ann}`,
      `${ann} `,
    ]) {
      expect(await pairing.isApproved(other)).toBe(false);
    }
  });

  it('is not an empty or anonymous one', async () => {
    const { pairing } = open();
    for (const nobody of ['', '  ', 'anonymous', 'Anonymous', 'RESTRICTED']) {
      await expect(pairing.request(nobody)).rejects.toThrow(TypeError);
      await expect(pairing.revoke(nobody)).rejects.toThrow(TypeError);
      await expect(pairing.approve('AAAAAAAA', { sender: nobody })).rejects.toThrow(TypeError);
      expect(await pairing.isApproved(nobody)).toBe(false);
    }
  });

  it('may be any other text, and comes back as it was', async () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(name, { minLength: 1, maxLength: 4 }),
        name,
        async (names, account) => {
          const real = names.filter((one) => one.trim() !== '');
          const { pairing } = open({ accountId: account, maxPending: 4 });
          for (const sender of real) await pairing.approve(await codeFor(pairing, sender));
          const approved = await pairing.approved();
          expect(approved.map(({ sender }) => sender).toSorted()).toEqual(real.toSorted());
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('the store underneath', () => {
  it('keeps few closed requests, and none at all after twice the time', async () => {
    const { pairing, keyValue, advance } = open({ maxPending: 1 });
    for (let index = 0; index < 30; index += 1) {
      await pairing.approve(await codeFor(pairing, `+1555010${2000 + index}`));
    }
    const { value = '[]' } = (await keyValue.get('pairing/default/requests')) ?? {};
    expect(value.match(/"sender"/gu)).toHaveLength(12);
    advance(120 * minuteMs);
    expect(await keyValue.get('pairing/default/requests')).toBeUndefined();
    expect(await pairing.approved()).toHaveLength(30);
  });

  it('is not guessed at when somebody else wrote into it', async () => {
    for (const value of ['{}', '[{"sender":"x"}]', '[7]', 'not json']) {
      const { pairing, keyValue } = open();
      await keyValue.set('pairing/default/requests', value);
      await expect(pairing.request(ann)).rejects.toThrow();
      await expect(pairing.pending()).rejects.toThrow();
    }
  });
});

it('refuses limits that would let nobody in, or everybody', () => {
  const { keyValue } = createMemoryStore();
  for (const limit of ['ttlMs', 'maxPending', 'maxAttempts']) {
    for (const value of [0, -1, Number.NaN, Infinity]) {
      expect(() => createPairingStore({ keyValue, [limit]: value })).toThrow(RangeError);
    }
  }
});
