import { describe, expect, it } from 'vitest';
import { ann, ben, codeFor, dan, open } from './open-pairing.testing.ts';
import type { PairingStore } from './pairing-store.ts';

const guess = async (pairing: PairingStore, count: number, sender?: string): Promise<void> => {
  for (let index = 0; index < count; index += 1) {
    await pairing.approve('AAAAAAAA', sender === undefined ? {} : { sender });
  }
};

describe('wrong codes', () => {
  it('void every request that is pending, not those that come later, and nobody who is in', async () => {
    const { pairing } = open();
    await pairing.approve(await codeFor(pairing, dan));
    const code = await codeFor(pairing, ann);
    await guess(pairing, 9);
    const later = await codeFor(pairing, ben);
    await guess(pairing, 1);
    expect(await pairing.approve(code)).toEqual({ status: 'too-many-attempts', sender: ann });
    expect(await pairing.approve(later)).toEqual({ status: 'approved', sender: ben });
    expect(await pairing.isApproved(dan)).toBe(true);
    expect(await pairing.isApproved(ann)).toBe(false);
    const again = await pairing.request(ann);
    expect(again.status).toBe('created');
    expect(again).not.toMatchObject({ code });
  });

  it('count against the named sender only', async () => {
    const { pairing } = open();
    const annsCode = await codeFor(pairing, ann);
    const bensCode = await codeFor(pairing, ben);
    await guess(pairing, 10, ann);
    expect((await pairing.approve(annsCode)).status).toBe('too-many-attempts');
    expect((await pairing.approve(bensCode)).status).toBe('approved');
  });

  it('are all counted when they come at once, so that the right one among many does not slip in', async () => {
    const { pairing } = open({ maxAttempts: 3 });
    const code = await codeFor(pairing, ann);
    const guesses = Array.from({ length: 12 }, () => pairing.approve('AAAAAAAA'));
    const right = pairing.approve(code);
    await Promise.all(guesses);
    expect((await right).status).toBe('too-many-attempts');
  });
});
