import assert from 'node:assert/strict';
import type { Never } from './fixtures.ts';
import type { Runner } from './runner.ts';

/** A fixture that a provider may need: where it stands, what it is, and what makes it necessary. */
export interface FixtureNeed {
  /** As it is written in the contract: `carrier.send.accepted`. */
  readonly path: string;
  /** What to put there. */
  readonly what: string;
  /** The claim that asks for it. */
  readonly because: string;
}

/** What nearly every scenario of sending needs. */
export const acceptedNeed: FixtureNeed = {
  path: 'carrier.send.accepted',
  what: 'what the carrier answers to a message that it accepts',
  because: 'the provider has messaging',
};

/** The fixture, or a failure that says which one is missing. A claim that nothing tests is not believed. */
export function requireFixture<Fixture>(fixture: Fixture | undefined, need: FixtureNeed): Fixture {
  if (fixture !== undefined) return fixture;
  return assert.fail(
    `the fixture ${need.path} is missing: ${need.what}. It is needed because ${need.because}.`,
  );
}

/** True for a fixture that says why there is none. */
export function isNever(fixture: unknown): fixture is Never {
  return typeof fixture === 'object' && fixture !== null && 'never' in fixture;
}

/** A scenario that takes a fixture, or the reason why this carrier never gets into it. */
export function itWithFixture<Fixture extends object>(
  { it }: Runner,
  name: string,
  fixture: Fixture | Never | undefined,
  need: FixtureNeed,
  body: (fixture: Fixture) => Promise<void>,
): void {
  if (isNever(fixture)) {
    it(`${name}: never, because ${fixture.never}`, async () => {
      assert.notEqual(fixture.never.trim(), '', `${need.path} says "never" and gives no reason`);
    });
    return;
  }
  it(name, async () => {
    await body(requireFixture(fixture, need));
  });
}
