import { createHash } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { readPublicKey } from './telnyx-key.ts';

const keyOf = (seed: string): string => createHash('sha256').update(seed).digest('base64');

describe('readPublicKey', () => {
  it('gives the same object each time, unless many keys are used', () => {
    const areSame = [1, 2, 3].map((time) => {
      const [first, second] = [keyOf(`first ${String(time)}`), keyOf(`second ${String(time)}`)];
      const key = readPublicKey(first);
      readPublicKey(second);
      return readPublicKey(first) === key;
    });
    // At most once the memory was full in between.
    expect(areSame.filter(Boolean).length).toBeGreaterThanOrEqual(2);
  });

  it('remembers 64 keys at most', () => {
    const keeping = vi.spyOn(Map.prototype, 'set');
    try {
      const sizes: number[] = [];
      for (let key = 0; key < 130; key += 1) {
        readPublicKey(keyOf(String(key)));
        const kept = keeping.mock.contexts.at(-1);
        if (kept instanceof Map) sizes.push(kept.size);
      }
      expect(sizes).toHaveLength(130);
      expect(Math.max(...sizes)).toBe(64);
    } finally {
      keeping.mockRestore();
    }
  });
});
