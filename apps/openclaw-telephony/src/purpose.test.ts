import { describe, expect, it } from 'vitest';
import { purposeOf } from './purpose.ts';

const ada = '+15550100123';
const awaited = { awaits: (person: string) => Promise.resolve(person === ada) };

describe('a send of the host’s', () => {
  it('is an answer when its recipient texted lately, and an agent’s idea otherwise', async () => {
    expect(await purposeOf([], ada, awaited)).toBe('reply');
    expect(await purposeOf(['operator.read'], '+15550100124', awaited)).toBe('agent');
  });

  it('is a person’s when a person may write at the gateway, whoever waits for an answer', async () => {
    for (const scope of ['operator.write', 'operator.admin']) {
      expect(await purposeOf([scope], ada, awaited)).toBe('operator');
    }
  });
});
