import { createMemoryStore } from '@openclaw/telephony-store';
import { describe, expect, it } from 'vitest';
import { createConsentLedger } from './consent.ts';

const pair = { ours: '+15550100100', theirs: '+15550100123' };
const at = (minute: number): Date => new Date(Date.UTC(2026, 10, 20, 12, minute));
const ledger = () => createConsentLedger({ keyValue: createMemoryStore().keyValue });

describe('the consent ledger', () => {
  it('blocks one pair of numbers, and no other', async () => {
    const consent = ledger();
    await consent.stop(pair, at(0));
    expect(await consent.blocks(pair)).toBe(true);
    expect(await consent.blocks({ ...pair, theirs: '+15550100124' })).toBe(false);
    expect(await consent.blocks({ ...pair, ours: '+15550100101' })).toBe(false);
  });
  it('lets one confirmation through, that of the first STOP', async () => {
    const consent = ledger();
    await consent.stop(pair, at(0), 'first');
    await consent.stop(pair, at(1), 'second');
    expect(await consent.blocks(pair, 'first')).toBe(false);
    expect(await consent.blocks(pair, 'second')).toBe(true);
    expect(await consent.blocks(pair)).toBe(true);
  });
  it('is lifted by a START that came later, not by one that was only handled later', async () => {
    const consent = ledger();
    await consent.stop(pair, at(5));
    await consent.start(pair, at(4));
    expect(await consent.blocks(pair)).toBe(true);
    await consent.start(pair, at(6));
    expect(await consent.blocks(pair)).toBe(false);
    await consent.start(pair, at(7));
  });
  it('takes a record that it cannot read for a block', async () => {
    const { keyValue } = createMemoryStore();
    await keyValue.set(`consent/${pair.ours}/${pair.theirs}`, '7');
    expect(await createConsentLedger({ keyValue }).blocks(pair)).toBe(true);
  });
});
