import { describe, expect, it } from 'vitest';
import { findHeader } from './request.ts';

describe('findHeader', () => {
  it.each<[object, string | undefined]>([
    [{ 'x-a': '1', 'X-A': '2' }, '1'],
    [{ 'X-A': '1', 'x-A': ['2', '3'] }, '1, 2, 3'],
    [{ 'X-A': '', 'x-A': '1', 'x-a': undefined }, '1'],
    [{ 'X-A': [], 'x-A': ['1'] }, '1'],
    [{ 'x-a': ['1', '2'] }, '1, 2'],
    [{ 'x-a': '' }, ''],
    [{ 'X-A': '' }, undefined],
    [{ 'x-b': '1', 'x-ab': '2' }, undefined],
    [
      new Headers([
        ['X-A', '1'],
        ['x-a', '2'],
      ]),
      '1, 2',
    ],
    [new Headers(), undefined],
  ])('finds a header in any case, and joins several as HTTP does', (headers, value) => {
    expect(findHeader(Object.assign(headers), 'x-a')).toBe(value);
  });
});
