import { mockError } from '@openclaw/provider-mock';
import { createMemoryStore, Retry } from '@openclaw/telephony-store';
import { describe, expect, it } from 'vitest';
import { createDeliveryTracker } from './deliveries.ts';
import { createDeliveryCheck } from './delivery-check.ts';

const acceptedAtMs = Date.parse('2026-11-20T12:00:00Z');
const hourMs = 3_600_000;

/** What the handler says so long after the message was accepted, when asking the carrier ends so. */
async function verdict(ageMs: number, ask: () => Promise<undefined>): Promise<unknown> {
  const now = (): Date => new Date(acceptedAtMs + ageMs);
  const { keyValue } = createMemoryStore({ now });
  const deliveries = createDeliveryTracker({ keyValue, now, onFailed: () => undefined });
  const check = createDeliveryCheck({ deliveries, refresh: ask, now });
  const payload = { messageId: 'm', acceptedAtMs };
  try {
    await check({ id: 'm', lane: 'm', attempt: 1, addedAt: now(), payload });
    return 'over';
  } catch (error) {
    return Retry.isInstance(error) ? error.afterMs : error;
  }
}

const silent = (): Promise<undefined> => Promise.resolve(undefined);
const outOfReach = (): Promise<undefined> => Promise.reject(mockError('network'));

describe('the question about the end of a message', () => {
  it('comes again after an hour, six hours and a day, and then no more', async () => {
    expect(await verdict(10 * 60_000, silent)).toBe(50 * 60_000);
    expect(await verdict(hourMs, silent)).toBe(5 * hourMs);
    expect(await verdict(6 * hourMs, silent)).toBe(18 * hourMs);
    expect(await verdict(24 * hourMs, silent)).toBe('over');
  });
  it('is over when the carrier does not know the message', async () => {
    expect(await verdict(hourMs, () => Promise.reject(mockError('not_found')))).toBe('over');
  });
  it('comes again when the carrier could not be asked', async () => {
    expect(await verdict(hourMs, outOfReach)).toBe(5 * hourMs);
  });
});
