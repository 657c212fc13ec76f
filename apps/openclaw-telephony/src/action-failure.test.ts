import { StoreError } from '@openclaw/telephony-store';
import { describe, expect, it } from 'vitest';
import { sentenceOf } from './action-failure.ts';
import { ActionError } from './actions.ts';

function stage() {
  const lines: string[] = [];
  return { lines, log: { error: (line: string) => void lines.push(line) } };
}

describe('what went wrong', () => {
  it('is said as it is when it was foreseen, a full disk too', () => {
    const { lines, log } = stage();
    expect(sentenceOf(new ActionError('to is missing: whom?'), log)).toBe('to is missing: whom?');
    expect(sentenceOf(new StoreError('full', 'the disk is full'), log)).toBe('the disk is full');
    expect(lines).toEqual([]);
  });

  it('stands in the log otherwise, where whoever asked is sent, without a number', () => {
    const { lines, log } = stage();
    const error = new TypeError('no such thing: +15550100123');
    expect(sentenceOf(error, log)).toBe('it failed; the gateway log says why');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('telephony: TypeError: no such thing: +…');
    expect(lines[0]).not.toContain('15550100123');
  });
});
