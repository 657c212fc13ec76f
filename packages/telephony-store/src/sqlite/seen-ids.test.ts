import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SeenIds } from './seen-ids.ts';

it('names every place that it was told, whatever is added and removed in between', () => {
  const row = fc.record({
    queue: fc.constantFrom('in', 'out'),
    id: fc.oneof(fc.string({ maxLength: 3 }), fc.uuid()),
    place: fc.integer({ min: 1, max: 6 }),
  });
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.record({ add: row }) },
    { weight: 2, arbitrary: fc.record({ remove: row }) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const seen = new SeenIds();
      const model = new Map<string, Set<number>>();
      const placesIn = (queue: string, id: string): Set<number> => {
        const key = JSON.stringify([queue, id]);
        const places = model.get(key) ?? new Set();
        model.set(key, places);
        return places;
      };
      for (const one of steps) {
        if ('add' in one) {
          const { queue, id, place } = one.add;
          seen.add(queue, id, place);
          placesIn(queue, id).add(place);
        } else {
          const { queue, id, place } = one.remove;
          seen.remove(queue, id, place);
          placesIn(queue, id).delete(place);
        }
      }
      for (const [key, places] of model) {
        const [queue, id]: string[] = JSON.parse(key);
        expect(new Set(seen.placesOf(queue ?? '', id ?? ''))).toEqual(places);
      }
      expect(seen.count).toBe([...model.values()].reduce((sum, { size }) => sum + size, 0));
    }),
  );
});

it('grows with what it holds, and not with what has come and gone', () => {
  const seen = new SeenIds();
  for (let place = 1; place <= 100_000; place += 1) {
    seen.add('q', `SM${place}`, place);
    if (place > 1000) seen.remove('q', `SM${place - 1000}`, place - 1000);
  }
  expect(seen.count).toBe(1000);
  expect(seen.byteLength).toBeLessThanOrEqual(4096 * 16);
  for (let place = 99_001; place <= 100_000; place += 1) {
    expect(seen.placesOf('q', `SM${place}`)).toEqual([place]);
  }
  expect(seen.placesOf('q', 'SM99000')).toEqual([]);
});

it('keeps all of many ids apart', () => {
  const seen = new SeenIds();
  for (let place = 1; place <= 50_000; place += 1) seen.add('q', `SM${place}`, place);
  for (let place = 1; place <= 50_000; place += 1) {
    expect(seen.placesOf('q', `SM${place}`)).toEqual([place]);
    expect(seen.placesOf('other', `SM${place}`)).toEqual([]);
  }
});
