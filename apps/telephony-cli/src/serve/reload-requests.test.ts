import { describe, expect, it } from 'vitest';
import { gatherReloads } from './reload-requests.ts';

describe('a request to read the configuration anew', () => {
  it('waits for who can carry it out, once however often it was made, and ends nothing', () => {
    const listeners = new Set<() => void>();
    const requests = gatherReloads((listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    });
    const ask = (): void => {
      for (const listener of listeners) listener();
    };
    const done: string[] = [];
    ask();
    ask();
    requests.carryOut(() => done.push('first'));
    expect(done).toEqual(['first']);
    ask();
    requests.carryOut(() => done.push('second'));
    ask();
    expect(done).toEqual(['first', 'first', 'second']);
    requests.stop();
    ask();
    expect(done).toHaveLength(3);
    expect(listeners.size).toBe(0);
  });
});
