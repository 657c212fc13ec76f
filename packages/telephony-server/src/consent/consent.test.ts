import { createMemoryStore } from '@openclaw/telephony-store';
import { describe, expect, it } from 'vitest';
import { createConsentLedger } from './consent.ts';

const ada = '+15550100123';
const ledger = (keyValue = createMemoryStore().keyValue) =>
  createConsentLedger({ keyValue, now: () => new Date(0) });

describe('the consent ledger', () => {
  it('blocks one person, and no other', async () => {
    const consent = ledger();
    await consent.stop(ada);
    expect(await consent.blocks(ada)).toBe(true);
    expect(await consent.blocks('+15550100124')).toBe(false);
  });
  it('lets one confirmation through, that of the first STOP', async () => {
    const consent = ledger();
    await consent.stop(ada, 'first');
    await consent.stop(ada, 'second');
    expect(await consent.blocks(ada, 'first')).toBe(false);
    expect(await consent.blocks(ada, 'second')).toBe(true);
    expect(await consent.blocks(ada)).toBe(true);
  });
  it('is lifted by START, and knows the next STOP', async () => {
    const consent = ledger();
    await consent.stop(ada, 'first');
    await consent.start(ada);
    expect(await consent.blocks(ada)).toBe(false);
    await consent.start(ada);
    await consent.stop(ada, 'second');
    expect(await consent.blocks(ada, 'second')).toBe(false);
  });
  it('takes a record that it cannot read for a block', async () => {
    const { keyValue } = createMemoryStore();
    await keyValue.set(`consent/${ada}`, '7');
    expect(await ledger(keyValue).blocks(ada)).toBe(true);
  });
  it('is lifted by one START, which knows so when it comes again after a crash', async () => {
    const consent = ledger();
    expect(await consent.start(ada, 'first')).toBe(false);
    expect(await consent.stop(ada, 'confirmation')).toBe('confirmation');
    expect(await consent.stop(ada, 'another')).toBe('confirmation');
    expect(await consent.start(ada, 'second')).toBe(true);
    expect(await consent.start(ada, 'second')).toBe(true);
    expect(await consent.start(ada, 'third')).toBe(false);
    expect(await consent.start(ada)).toBe(false);
    expect(await consent.blocks(ada)).toBe(false);
  });
  it('is learned from a message that was accepted after the last START, and from no other', async () => {
    const consent = ledger();
    await consent.start(ada);
    await consent.stopLearned(ada, new Date(0));
    expect(await consent.blocks(ada)).toBe(false);
    await consent.stopLearned(ada, new Date(1));
    expect(await consent.blocks(ada)).toBe(true);
  });
  it('is not lifted by a START that was said before the last STOP, and only came later', async () => {
    const consent = ledger();
    await consent.stop(ada, 'confirmation', { atMs: 1 });
    await consent.stop(ada, 'another', { atMs: 5 });
    expect(await consent.start(ada, 'retried', { atMs: 4 })).toBe(false);
    expect(await consent.blocks(ada)).toBe(true);
    expect(await consent.blocks(ada, 'confirmation')).toBe(false);
    expect(await consent.start(ada, 'genuine', { atMs: 6 })).toBe(true);
    expect(await consent.blocks(ada)).toBe(false);
  });
  it('goes by the last STOP, in whatever order the two of them came', async () => {
    const consent = ledger();
    await consent.stop(ada, undefined, { atMs: 5 });
    await consent.stop(ada, undefined, { atMs: 1 });
    expect(await consent.start(ada, 'retried', { atMs: 4 })).toBe(false);
    expect(await consent.blocks(ada)).toBe(true);
  });
  it('is lifted by any START where one of the two has no time', async () => {
    for (const [stopped, started] of [
      [{ atMs: 5 }, {}],
      [{}, { atMs: 1 }],
      [{ atMs: 5 }, { atMs: 5 }],
    ]) {
      const consent = ledger();
      await consent.stop(ada, undefined, stopped);
      expect(await consent.start(ada, 'start', started)).toBe(true);
      expect(await consent.blocks(ada)).toBe(false);
    }
  });
  it('keeps a STOP that is written down while an earlier START is worked off', async () => {
    const { keyValue } = createMemoryStore();
    const meanwhile: (() => Promise<unknown>)[] = [];
    const signals = ledger(keyValue);
    const texts = ledger({
      ...keyValue,
      async set(...write) {
        const written = await keyValue.set(...write);
        await meanwhile.shift()?.();
        return written;
      },
    });
    await signals.stop(ada, undefined, { atMs: 100 });
    meanwhile.push(() => signals.stop(ada, undefined, { atMs: 300 }));
    expect(await texts.start(ada, 'yes', { atMs: 200 })).toBe(false);
    expect(await signals.blocks(ada)).toBe(true);
  });
});
