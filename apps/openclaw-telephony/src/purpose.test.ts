import { expect, it } from 'vitest';
import { purposeOf } from './purpose.ts';

it('takes a send of the host’s for an answer when its recipient texted lately, and for an agent’s idea otherwise', async () => {
  const ada = '+15550100123';
  const awaited = { awaits: (person: string) => Promise.resolve(person === ada) };
  expect(await purposeOf(ada, awaited)).toBe('reply');
  expect(await purposeOf('+15550100124', awaited)).toBe('agent');
});
