import { describe, expect, it } from 'vitest';
import { purposeOf } from './purpose.ts';

const ada = '+15550100123';
const awaited = { awaits: (person: string) => Promise.resolve(person === ada) };

describe('a send of the host’s', () => {
  it('is an answer when its recipient texted lately, and an agent’s idea otherwise', async () => {
    for (const isQueued of [true, false]) {
      expect(await purposeOf({ scopes: [], isQueued }, ada, awaited)).toBe('reply');
      const other = { scopes: ['operator.read'], isQueued };
      expect(await purposeOf(other, '+15550100124', awaited)).toBe('agent');
    }
  });

  it('is a person’s when a person may write at the gateway, whoever waits for an answer', async () => {
    for (const scope of ['operator.write', 'operator.admin']) {
      const behind = { scopes: [scope], isQueued: true };
      expect(await purposeOf(behind, ada, awaited)).toBe('operator');
    }
  });

  it('is the agent’s when its message tool sends, which the gateway gives the same rights', async () => {
    const behind = { scopes: ['operator.write'], isQueued: false };
    expect(await purposeOf(behind, ada, awaited)).toBe('reply');
    expect(await purposeOf(behind, '+15550100124', awaited)).toBe('agent');
  });
});
