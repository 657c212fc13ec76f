import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRoom } from './room.ts';

describe('a room', () => {
  it('lets in as many as there is room for, whoever is slow (property)', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.nat({ max: 12 }),
        fc.nat({ max: 6 }),
        fc.integer({ min: 1, max: 16 }),
        async (s, size, before, askedFor) => {
          let inside = Math.min(before, size);
          const room = createRoom({
            size,
            count: () => s.schedule(Promise.resolve('count')).then(() => inside),
            full: () => new Error('full'),
          });
          const enter = async (): Promise<void> => {
            await s.schedule(Promise.resolve('enter'));
            inside += 1;
          };
          const asked = Array.from({ length: askedFor }, () => room.let(enter));
          await s.waitFor(Promise.allSettled(asked));
          expect(inside).toBe(Math.min(size, Math.min(before, size) + askedFor));
        },
      ),
    );
  });
  it('has a place again for who could not get in, or went out', async () => {
    let inside = 0;
    const room = createRoom({
      size: 1,
      count: () => Promise.resolve(inside),
      full: () => new Error('full'),
    });
    const failing = room.let(() => Promise.reject(new Error('the store is down')));
    await expect(failing).rejects.toThrow('the store is down');
    const enter = async (): Promise<void> => {
      inside += 1;
    };
    await room.let(enter);
    await expect(room.let(enter)).rejects.toThrow('full');
    inside = 0;
    await room.let(enter);
  });
});
