import { describe, expect, it } from 'vitest';
import { failuresOf, resultsOf } from './collecting-runner.testing.ts';
import { createPigeonProvider, pigeonContract } from './pigeon-contract.testing.ts';

describe('the kit, run on a provider that keeps the contract', () => {
  it.each(['bytes', 'parameters'] as const)('passes it, whose webhooks sign %s', async (signs) => {
    const contract = pigeonContract((stage) => createPigeonProvider(stage, signs), signs);
    expect(await failuresOf(contract)).toEqual([]);
  });

  it('gives every test a name of its own', async () => {
    const names = (await resultsOf(pigeonContract(createPigeonProvider))).map(({ name }) => name);
    expect(names.length).toBeGreaterThan(100);
    expect(new Set(names).size).toBe(names.length);
  });
});
