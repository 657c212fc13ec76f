import { describe, expect, it } from 'vitest';
import { startServer } from './running-server.testing.ts';
import { assertSensible } from './sensible-options.ts';

describe('a server', () => {
  it('is not made with a limit that lets nothing through, and says which one it is', async () => {
    await expect(startServer({ limits: { textsPerSenderPerMinute: 0 } })).rejects.toThrow(
      'limits.textsPerSenderPerMinute',
    );
    for (const value of [0, -1, 0.5, Number.NaN]) {
      for (const name of ['textsPerNumberPerMinute', 'maxWaiting', 'maxReadsPerPeer'] as const) {
        expect(() => assertSensible({ limits: { [name]: value } })).toThrow(`limits.${name}`);
      }
      expect(() => assertSensible({ maxConcurrentSessions: value })).toThrow(RangeError);
    }
    for (const handlerTimeoutMs of [0, -1, Number.NaN]) {
      expect(() => assertSensible({ handlerTimeoutMs })).toThrow('handlerTimeoutMs');
    }
  });
  it('takes what is left out, no patience with failures, and Infinity for none', () => {
    const limits = { textsPerSenderPerMinute: Infinity, maxWaiting: 1, failuresPerMinute: 0 };
    for (const options of [{}, { limits, handlerTimeoutMs: Infinity }]) {
      expect(() => assertSensible(options)).not.toThrow();
    }
  });
});
