import { describe, expect, it } from 'vitest';
import { createLastFailure } from './last-failure.ts';

const now = (): Date => new Date('2026-11-20T12:00:00Z');

describe('the newest failure of an account', () => {
  it('is none at first, and then the newest', () => {
    const failures = createLastFailure({ now, warn: () => undefined, messaging: () => undefined });
    expect(failures.get()).toBeUndefined();
    failures.sending({
      sendId: 'host/1',
      to: '+15550100123',
      index: 0,
      code: 'auth_failed',
      reason: 'the carrier does not know us',
      correlationId: 'c',
    });
    expect(failures.get()).toEqual({
      during: 'sending',
      at: '2026-11-20T12:00:00.000Z',
      id: 'host/1',
      code: 'auth_failed',
      reason: 'the carrier does not know us',
    });
    expect(JSON.stringify(failures.get())).not.toContain('5550100123');
  });

  it('tells what the error number of the carrier means', () => {
    const warned: unknown[] = [];
    const failures = createLastFailure({
      now,
      warn: (fields) => void warned.push(fields),
      messaging: () => ({
        errorCodeOf: (number) => (number === '30034' ? 'sender_not_allowed' : undefined),
      }),
    });
    const delivery = {
      messageId: 'SM1',
      status: 'undelivered',
      carrierErrorCode: '30034',
      updatedAt: now(),
      contradicted: false,
      history: [],
    } as const;
    failures.delivery(delivery);
    const { messageId, status, carrierErrorCode } = delivery;
    expect(warned).toEqual([{ messageId, status, carrierErrorCode, code: 'sender_not_allowed' }]);
    expect(failures.get()).toMatchObject({ during: 'delivery', code: 'sender_not_allowed' });
  });
});
