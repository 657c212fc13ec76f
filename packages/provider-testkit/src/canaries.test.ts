import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertNoCanary, createCanaries, showsSecret, withCredentialsOf } from './canaries.ts';

const secret = 'canary-secret';
const canaries = createCanaries([secret]);
const check = (value: unknown) => () => {
  assertNoCanary(value, 'it', canaries);
};

/** Everything that a value can be wrapped in. */
const wrappers: readonly ((value: unknown) => unknown)[] = [
  (value) => ({ key: value }),
  (value) => [0, value],
  (value) => new Map([['key', value]]),
  (value) => new Set([value]),
  (value) => new Error('outside', { cause: value }),
  (value) => Object.defineProperty({}, 'hidden', { value }),
  (value) => ({ [Symbol('key')]: value }),
];

describe('looking for canaries', () => {
  it('finds one in whatever it is wrapped', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        fc.array(fc.constantFrom(...wrappers), { maxLength: 5 }),
        (before, after, wraps) => {
          const text = `${before}${secret}${after}`;
          const value = wraps.reduce<unknown>((inner, wrap) => wrap(inner), text);
          expect(check(value)).toThrow('it shows secrets[0]');
        },
      ),
    );
  });

  it('finds none where there is none', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(check(value)).not.toThrow();
      }),
    );
  });

  it('asks an object how it would be written as JSON', () => {
    expect(check({ toJSON: () => secret })).toThrow('it shows secrets[0]');
  });

  it('survives what cannot be written as JSON, or as a string', () => {
    const loop: Record<string, unknown> = { secret };
    loop['self'] = loop;
    expect(check(loop)).toThrow('it shows secrets[0]');
    expect(check(Object.create(null))).not.toThrow();
  });

  it('never repeats the canary in its own failure', () => {
    expect(check(secret)).not.toThrow(secret);
  });

  it('learns how a secret was encoded from the request that it went with', () => {
    const encoded = btoa(`user:${secret}`);
    const more = withCredentialsOf(canaries, new Headers({ authorization: `Basic ${encoded}` }));
    expect(() => {
      assertNoCanary(encoded, 'it', more);
    }).toThrow('the value of the Authorization header');
    expect(withCredentialsOf(canaries, new Headers())).toBe(canaries);
  });

  it('sees through Base64', () => {
    expect(showsSecret(`["authorization","Basic ${btoa(`user:${secret}`)}"]`, [secret])).toBe(true);
    expect(showsSecret('["accept","application/json"]', [secret])).toBe(false);
  });
});
