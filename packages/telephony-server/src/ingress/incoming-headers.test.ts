import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IncomingHeaders } from './incoming-headers.ts';

const of = (...rawHeaders: string[]): Headers => new IncomingHeaders({ rawHeaders });
const name = fc.constantFrom('Host', 'host', 'X-Signature', 'x-signature', 'Cookie', 'X-A', 'X-Ab');
const value = fc.stringMatching(/^[!-~]{0,8}$/u);
const fields = fc.array(fc.tuple(name, value), { maxLength: 8 });

describe('the headers of a request', () => {
  it('are found whatever the case of their names, and joined when they are repeated', () => {
    const headers = of('X-Signature', 'a', 'Host', 'h', 'x-signature', 'b');
    expect(headers.get('x-signature')).toBe('a, b');
    expect(headers.get('X-SIGNATURE')).toBe('a, b');
    expect(headers.has('host')).toBe(true);
    expect(headers.get('x-missing')).toBeNull();
    expect(headers.has('x-missing')).toBe(false);
    expect(of('Cookie', 'a=1', 'cookie', 'b=2').get('Cookie')).toBe('a=1; b=2');
  });
  it('read as those of the web standard do', () => {
    fc.assert(
      fc.property(fields, (list) => {
        const headers = of(...list.flat());
        const standard = new Headers(list);
        for (const [wanted] of list) expect(headers.get(wanted)).toBe(standard.get(wanted));
        expect([...headers]).toEqual([...standard]);
        expect([...headers.keys()]).toEqual([...standard.keys()]);
        expect([...headers.values()]).toEqual([...standard.values()]);
        const seen: string[][] = [];
        headers.forEach((text, key, parent) => {
          expect(parent).toBe(headers);
          seen.push([key, text]);
        });
        expect(seen).toEqual([...standard]);
        expect([...new Headers(headers)]).toEqual([...new Headers(standard)]);
      }),
    );
  });
  it('may be changed, and are read as they are then', () => {
    const headers = of('A', '1', 'B', '2', 'Set-Cookie', 'c');
    expect(headers.get('a')).toBe('1');
    headers.set('a', '3');
    headers.append('a', '4');
    headers.delete('b');
    expect(headers.get('A')).toBe('3, 4');
    expect(headers.has('b')).toBe(false);
    expect(headers.getSetCookie()).toEqual(['c']);
  });
});
