import { describe, expect, it } from 'vitest';
import { createFaultPlan, type FaultDefinition } from './faults.ts';

interface Rain extends FaultDefinition {
  readonly on: 'roof' | 'field';
  readonly kind: 'drizzle' | 'hail';
}

describe('a plan of faults', () => {
  it('strikes in the order of addition, each as often as it says', () => {
    const plan = createFaultPlan<Rain>();
    plan.add({ on: 'roof', kind: 'drizzle', times: 2 });
    plan.add({ on: 'roof', kind: 'hail' });
    const kinds = Array.from({ length: 4 }, () => plan.strike('roof', {})?.kind);
    expect(kinds).toEqual(['drizzle', 'drizzle', 'hail', undefined]);
  });

  it('strikes where it should, and only what it matches in everything', () => {
    const plan = createFaultPlan<Rain>();
    const match = { to: 'a', from: 'b', containing: 'c', status: 'd' };
    plan.add({ on: 'field', kind: 'hail', match });
    const subject = { to: 'a', from: 'b', text: 'abcd', status: 'd' };
    expect(plan.strike('roof', subject)).toBeUndefined();
    for (const other of [{ to: 'x' }, { from: 'x' }, { text: 'x' }, { status: 'x' }]) {
      expect(plan.strike('field', { ...subject, ...other })).toBeUndefined();
    }
    expect(plan.strike('field', {})).toBeUndefined();
    expect(plan.pending).toHaveLength(1);
    expect(plan.strike('field', subject)).toMatchObject({ kind: 'hail' });
    expect(plan.pending).toEqual([]);
  });

  it('strikes for ever when told so, until it is cleared', () => {
    const plan = createFaultPlan<Rain>();
    plan.add({ on: 'roof', kind: 'hail', times: Infinity });
    for (let count = 0; count < 5; count += 1) expect(plan.strike('roof', {})).toBeDefined();
    plan.clear();
    expect(plan.strike('roof', {})).toBeUndefined();
  });

  it('takes no fault that never strikes, and not more than a thousand', () => {
    const plan = createFaultPlan<Rain>();
    for (const times of [0, -1, Number.NaN]) {
      expect(() => plan.add({ on: 'roof', kind: 'hail', times })).toThrow(RangeError);
    }
    for (let count = 0; count < 1_000; count += 1) plan.add({ on: 'roof', kind: 'hail' });
    expect(() => plan.add({ on: 'roof', kind: 'hail' })).toThrow('clear them first');
  });
});
