import { describe, expect, it } from 'vitest';
import { createFailureBudget } from './failure-budget.ts';

function at(start: number) {
  const clock = { ms: start };
  return { clock, now: () => new Date(clock.ms) };
}
const fail = (budget: ReturnType<typeof createFailureBudget>, peer: string, times: number) => {
  for (let i = 0; i < times; i += 1) budget.fail(peer);
};

describe('a budget of failures', () => {
  it('is spent with the 301st of a minute, which is told apart from all later ones', () => {
    const { now } = at(0);
    const budget = createFailureBudget({ now });
    fail(budget, 'a', 299);
    expect(budget.fail('a')).toBe('within');
    expect(budget.isSpent('a')).toBe(false);
    expect(budget.fail('a')).toBe('spent');
    expect(budget.fail('a')).toBe('over');
    expect(budget.isSpent('a')).toBe(true);
    expect(budget.isSpent('b')).toBe(false);
  });
  it('is whole again when the minute is over', () => {
    const { clock, now } = at(1000);
    const budget = createFailureBudget({ now, perMinute: 1 });
    fail(budget, 'a', 2);
    clock.ms += 59_999;
    expect(budget.isSpent('a')).toBe(true);
    expect(budget.secondsLeft('a')).toBe(1);
    clock.ms += 1;
    expect(budget.isSpent('a')).toBe(false);
    expect(budget.fail('a')).toBe('within');
  });
  it('does not outlast a clock that is set back', () => {
    const { clock, now } = at(10_000_000);
    const budget = createFailureBudget({ now, perMinute: 1 });
    fail(budget, 'a', 2);
    clock.ms = 0;
    expect(budget.isSpent('a')).toBe(false);
    expect(budget.secondsLeft('a')).toBe(1);
  });
  it('is shared by those for whom there is no room, until some minutes are over', () => {
    const { clock, now } = at(0);
    const budget = createFailureBudget({ now, perMinute: 2, maxPeers: 2 });
    fail(budget, 'a', 1);
    clock.ms = 30_000;
    fail(budget, 'b', 1);
    for (const peer of ['c', 'd', 'e']) fail(budget, peer, 1);
    expect(['a', 'b', 'c', 'x'].map((peer) => budget.isSpent(peer))).toEqual([
      false,
      false,
      true,
      true,
    ]);
    clock.ms = 60_000;
    expect(budget.fail('x')).toBe('over');
    clock.ms = 90_000;
    expect(budget.fail('x')).toBe('within');
    expect(budget.isSpent('c')).toBe(false);
  });
});
