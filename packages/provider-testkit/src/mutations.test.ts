import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mutationsOf } from './mutations.ts';

describe('the mutations of a body', () => {
  it('leave out each field of a form once, and keep the others', () => {
    const forms = mutationsOf('a=1&b=2').map((body) =>
      Array.from(new URLSearchParams(body).keys()),
    );
    expect(forms.filter((names) => names.length === 1)).toEqual([['b'], ['a']]);
    expect(forms.filter((names) => names.length === 2).length).toBe(forms.length - 2);
  });

  it('reach every depth of JSON', () => {
    const bodies = mutationsOf('{"a":{"b":["c"]}}');
    expect(bodies).toContain('{"a":{"b":[null]}}');
    expect(bodies).toContain('{"a":{"b":{}}}');
    expect(bodies).toContain('{"a":{}}');
    expect(bodies).toContain('{}');
  });

  it('are all JSON when the body is', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 2 }), (body) => {
        for (const mutation of mutationsOf(body)) expect(() => JSON.parse(mutation)).not.toThrow();
      }),
    );
  });
});
