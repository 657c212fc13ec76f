import { describe, expect, it } from 'vitest';
import { isLoopbackHost, parseApiBase } from './api-base.ts';

describe('an address that replaces an API', () => {
  it('is a host with a path, without the slash at its end', () => {
    expect(parseApiBase('https://api.example.com/v2//', 'x')).toEqual({
      origin: 'https://api.example.com',
      path: '/v2',
      isLoopback: false,
    });
    expect(parseApiBase(new URL('http://127.0.0.1:4010'), 'x')).toEqual({
      origin: 'http://127.0.0.1:4010',
      path: '',
      isLoopback: true,
    });
  });
  it.each([
    ['no URL', 'baseUrl is not a URL'],
    ['http://api.example.com', 'baseUrl must be https, or http on loopback'],
    ['ftp://localhost', 'baseUrl must be https, or http on loopback'],
    ['https://user:pass@api.example.com', 'baseUrl has credentials, a query or a fragment'],
    ['https://api.example.com/?x=1', 'baseUrl has credentials, a query or a fragment'],
    ['https://api.example.com/#x', 'baseUrl has credentials, a query or a fragment'],
  ])('is not %s', (address, problem) => {
    expect(() => parseApiBase(address, 'x')).toThrow(problem);
  });
  it('is on this machine by any of its names', () => {
    for (const host of [
      'localhost',
      'api.localhost',
      'localhost.',
      '[::1]',
      '127.0.0.1',
      '127.1.2.3',
    ]) {
      expect(isLoopbackHost(host)).toBe(true);
    }
    for (const host of ['localhost.example.com', '127.example.com', '10.0.0.1', '[::2]']) {
      expect(isLoopbackHost(host)).toBe(false);
    }
  });
});
