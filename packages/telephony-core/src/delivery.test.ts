import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  contradicts,
  type DeliveryStatus,
  isDeliveryStatus,
  isFinalStatus,
  mergeDeliveryStatus,
} from './delivery.ts';

const all: readonly DeliveryStatus[] = [
  'accepted',
  'scheduled',
  'queued',
  'sending',
  'sent',
  'delivered',
  'read',
  'undelivered',
  'failed',
  'canceled',
  'unrecognized',
];
const status = fc.constantFrom(...all);
const join = (statuses: readonly DeliveryStatus[]): DeliveryStatus =>
  statuses.reduce(mergeDeliveryStatus);

describe('receipts of one message', () => {
  it('end in the same status in any order and with any repetition', () => {
    fc.assert(
      fc.property(fc.array(status, { minLength: 1 }), fc.nat(), (statuses, seed) => {
        const turned = statuses.toSorted(
          (a, b) => ((a.length * seed) % 7) - ((b.length * seed) % 5),
        );
        expect(join([...turned, ...statuses])).toBe(join(statuses));
      }),
    );
  });
  it('never go back from a final status', () => {
    fc.assert(
      fc.property(status.filter(isFinalStatus), status, (final, later) => {
        expect(isFinalStatus(mergeDeliveryStatus(final, later))).toBe(true);
      }),
    );
  });
  it('believe proof of arrival over a report of failure', () => {
    expect(join(['failed', 'delivered'])).toBe('delivered');
    expect(join(['read', 'delivered', 'sent'])).toBe('read');
    expect(join(['queued', 'unrecognized'])).toBe('queued');
  });
  it('contradict each other only when both are final and cannot both be right', () => {
    expect(contradicts('delivered', 'failed')).toBe(true);
    expect(contradicts('undelivered', 'failed')).toBe(true);
    expect(contradicts('delivered', 'read')).toBe(false);
    expect(contradicts('delivered', 'delivered')).toBe(false);
    expect(contradicts('sent', 'failed')).toBe(false);
  });
  it('know their own words', () => {
    expect(all.every(isDeliveryStatus)).toBe(true);
    expect(isDeliveryStatus('lost')).toBe(false);
    expect(all.filter(isFinalStatus)).toEqual([
      'delivered',
      'read',
      'undelivered',
      'failed',
      'canceled',
    ]);
  });
});
