import type { Runner } from '@openclaw/telephony-store';
import { expect, it } from 'vitest';
import { startTogether } from './start-together.ts';

const failing = (): Runner => {
  throw new Error('the store is closed');
};

it('leaves nothing running when one of several runners cannot start', () => {
  const closed: string[] = [];
  const runner = (name: string) => (): Runner => ({
    idle: () => Promise.resolve(),
    close: async () => void closed.push(name),
  });
  expect(startTogether([runner('a'), runner('b')])).toHaveLength(2);
  expect(() => startTogether([runner('a'), runner('b'), failing, runner('c')])).toThrow('closed');
  expect(closed).toEqual(['a', 'b']);
});
