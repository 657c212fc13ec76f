import { describe, expect, it } from 'vitest';
import { createRouter } from './routes.ts';
import { sendRef } from '../outbox/send-progress.ts';

const find = createRouter({ path: '/hook', statusPath: '/status' });

describe('a request target', () => {
  it('is matched as a whole', () => {
    expect(find('/hook')).toEqual({ kind: 'webhook' });
    expect(find('/hook/')).toEqual({ kind: 'webhook' });
    expect(find('/hook?x=/other')).toEqual({ kind: 'webhook' });
    expect(find('/health')).toEqual({ kind: 'health' });
    expect(find('/metrics?x')).toEqual({ kind: 'metrics' });
    expect(find('/metrics/x')).toBeUndefined();
    expect(find('/hook//')).toBeUndefined();
    expect(find('/hookish')).toBeUndefined();
    expect(find('/h%6fok')).toBeUndefined();
    expect(find('/')).toBeUndefined();
  });
  it('names a message below the status path', () => {
    expect(find(`/status/${sendRef('send/1', 35)}`)).toEqual({
      kind: 'receipt',
      sendRef: sendRef('send/1', 35),
    });
    expect(find('/status')).toEqual({ kind: 'receipt' });
    expect(find('/status/a/b.1')).toBeUndefined();
    expect(find('/status/..')).toBeUndefined();
    expect(find(`/status/${'a'.repeat(257)}.1`)).toBeUndefined();
  });
  it('must be a path', () => {
    for (const target of ['', '*', '//host/hook', 'http://host/hook', 'hook']) {
      expect(find(target)).toBe('malformed');
    }
  });
});
