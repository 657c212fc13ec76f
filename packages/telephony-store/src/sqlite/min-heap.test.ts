import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MinHeap } from './min-heap.ts';

const ascending = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);

it('gives values back smallest first, whatever is put in and taken out meanwhile', () => {
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min: 0, max: 50 }) },
    { weight: 1, arbitrary: fc.constant('pop' as const) },
    { weight: 1, arbitrary: fc.record({ below: fc.integer({ min: 0, max: 50 }) }) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const heap = new MinHeap<number>((value) => value);
      let model: number[] = [];
      const out: unknown[] = [];
      const expected: unknown[] = [];
      for (const one of steps) {
        if (one === 'pop') {
          out.push(heap.pop());
          expected.push(model.shift());
        } else if (typeof one === 'number') {
          heap.push(one);
          model = ascending([...model, one]);
        } else {
          out.push(ascending(heap.extract((value) => value < one.below)));
          expected.push(model.filter((value) => value < one.below));
          model = model.filter((value) => value >= one.below);
        }
        expect(heap.peek()).toBe(model[0]);
        expect(heap.size).toBe(model.length);
      }
      expect(out).toEqual(expected);
    }),
  );
});
