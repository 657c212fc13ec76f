import type { DeliveryStatus } from '@openclaw/telephony-core';
import { createMemoryStore } from '@openclaw/telephony-store';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDeliveryTracker, type Delivery } from './deliveries.ts';

const at = new Date('2026-11-20T12:00:00Z');
function track(onFailed: (delivery: Delivery) => void = () => {}) {
  const { keyValue } = createMemoryStore({ now: () => at });
  return createDeliveryTracker({ keyValue, now: () => at, onFailed });
}
const status = fc.constantFrom<DeliveryStatus>(
  'queued',
  'sent',
  'delivered',
  'undelivered',
  'failed',
  'unrecognized',
);

describe('the delivery tracker', () => {
  it('ends in the same status in any order of receipts', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(status, { minLength: 1 }),
        fc.nat(1000),
        async (statuses, seed) => {
          const shuffled = statuses.toSorted(
            (a, b) => ((a.length * seed) % 13) - ((b.length * seed) % 11),
          );
          const ends = await Promise.all(
            [statuses, shuffled].map(async (receipts) => {
              const tracker = track();
              for (const one of receipts) await tracker.record({ messageId: 'm', status: one });
              return tracker.get('m');
            }),
          );
          expect(ends[0]?.status).toBe(ends[1]?.status);
          expect(ends[0]?.contradicted).toBe(ends[1]?.contradicted);
        },
      ),
      { numRuns: 60 },
    );
  });
  it('loses none of many reports at once', async () => {
    const tracker = track();
    await Promise.all(
      (['queued', 'sent', 'delivered'] as const).map((one) =>
        tracker.record({ messageId: 'm', status: one }),
      ),
    );
    const delivery = await tracker.get('m');
    expect(delivery).toMatchObject({ status: 'delivered', contradicted: false });
    expect(delivery?.history.toSorted()).toEqual(['delivered', 'queued', 'sent']);
  });
  it('tells once that a message did not arrive, with the error of the carrier', async () => {
    const failures: Delivery[] = [];
    const tracker = track((delivery) => failures.push(delivery));
    await tracker.record({ messageId: 'm', status: 'sent' });
    await tracker.record({ messageId: 'm', status: 'undelivered', carrierErrorCode: '30003' });
    await tracker.record({ messageId: 'm', status: 'undelivered' });
    await tracker.record({ messageId: 'm', status: 'sent' });
    expect(failures).toHaveLength(1);
    expect(await tracker.get('m')).toEqual({
      messageId: 'm',
      status: 'undelivered',
      carrierErrorCode: '30003',
      contradicted: false,
      history: ['sent', 'undelivered', 'sent'],
      updatedAt: at,
      acceptedAt: at,
    });
  });
  it('learns of a STOP from either of two receipts of a failure, in either order', async () => {
    const failures = [
      { status: 'failed', carrierErrorCode: '30' },
      { status: 'undelivered', carrierErrorCode: 'stop' },
      { status: 'failed', carrierErrorCode: 'stop' },
      { status: 'undelivered' },
      { status: 'undelivered', carrierErrorCode: '30' },
    ] as const;
    for (const one of failures) {
      for (const other of failures) {
        const told = [one, other].some(
          (report) => 'carrierErrorCode' in report && report.carrierErrorCode === 'stop',
        );
        const stopped: string[] = [];
        const tracker = createDeliveryTracker({
          keyValue: createMemoryStore({ now: () => at }).keyValue,
          now: () => at,
          onFailed: () => undefined,
          errorCodeOf: (code) => (code === 'stop' ? 'recipient_opted_out' : undefined),
          onOptedOut: async (person) => void stopped.push(person),
        });
        await tracker.record({ messageId: 'm', status: 'queued', to: 'ada' });
        await tracker.record({ messageId: 'm', ...one });
        const { carrierErrorCode } = await tracker.record({ messageId: 'm', ...other });
        expect(stopped).toEqual(told ? ['ada'] : []);
        expect(carrierErrorCode === 'stop').toBe(told);
      }
    }
  });
  it('names a contradiction', async () => {
    const tracker = track();
    await tracker.record({ messageId: 'm', status: 'failed' });
    expect(await tracker.record({ messageId: 'm', status: 'delivered' })).toMatchObject({
      status: 'delivered',
      contradicted: true,
    });
  });
  it('tells of a failure though older records cannot be swept', async () => {
    const { keyValue } = createMemoryStore({ now: () => at });
    const failures: Delivery[] = [];
    const broken = {
      get: (key: string) => keyValue.get(key),
      set: keyValue.set.bind(keyValue),
      delete: (key: string) => keyValue.delete(key),
      list: () => {
        throw new Error('the disk is gone');
      },
    };
    const onFailed = (delivery: Delivery): void => void failures.push(delivery);
    const tracker = createDeliveryTracker({
      keyValue: broken,
      now: () => at,
      onFailed,
      maxCount: 1,
    });
    await expect(tracker.record({ messageId: 'm', status: 'failed' })).rejects.toThrow('gone');
    expect(failures).toHaveLength(1);
  });
  it('knows nothing of other messages', async () => {
    expect(await track().get('other')).toBeUndefined();
  });
});
