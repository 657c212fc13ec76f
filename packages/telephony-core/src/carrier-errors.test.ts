import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CarrierErrorRow, createCarrierErrors } from './carrier-errors.ts';

const pageOf = (providerCode: string): URL =>
  new URL(`https://carrier.example.com/errors/${providerCode}`);

describe("a carrier's error numbers", () => {
  it('have a meaning, and a page of the carrier', () => {
    const { all, describe: explain } = createCarrierErrors(
      [[4001, 'recipient_opted_out', false, 'the recipient has opted out with STOP']],
      pageOf,
    );
    expect(all).toEqual([
      {
        providerCode: '4001',
        code: 'recipient_opted_out',
        retryable: false,
        meaning: 'the recipient has opted out with STOP',
        documentation: new URL('https://carrier.example.com/errors/4001'),
      },
    ]);
    expect(explain('4001')).toBe(all[0]);
  });
  it('are found by their number as it is written, and no other is', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat()), fc.string(), (numbers, stranger) => {
        const rows = numbers.map((number): CarrierErrorRow => [
          number,
          'timeout',
          number % 2 === 0,
          'x',
        ]);
        const errors = createCarrierErrors(rows, pageOf);
        expect(errors.all.map(({ retryable }) => retryable)).toEqual(rows.map((row) => row[2]));
        expect(errors.all.map(({ providerCode }) => providerCode)).toEqual(numbers.map(String));
        for (const error of errors.all) expect(errors.describe(error.providerCode)).toBe(error);
        const isKnown = numbers.map(String).includes(stranger);
        expect(errors.describe(stranger) !== undefined).toBe(isKnown);
      }),
    );
  });
});
