import { describe, expect, it } from 'vitest';
import { bombard } from '../../test/mutated-requests.ts';
import { schemes } from '../../test/schemes.ts';

describe('requests that somebody changed on their way', () => {
  it.each(schemes)(
    'are never answered with a 5xx, and nothing unsigned is taken in: $name',
    async (scheme) => {
      const { answers, wrong, admitted } = await bombard({ scheme, count: 1250, seed: 20_261_120 });
      expect(wrong).toEqual([]);
      expect(admitted).toBeGreaterThan(20);
      for (const status of [200, 400, 401, 404, 405]) expect(answers.get(status)).toBeDefined();
    },
    60_000,
  );
});
