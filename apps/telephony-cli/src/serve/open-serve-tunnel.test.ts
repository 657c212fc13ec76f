import { describe, expect, it } from 'vitest';
import { commonFolder } from './open-serve-tunnel.ts';

describe('what Tailscale makes reachable', () => {
  it.each([
    [['/telephony/webhook', '/telephony/status', '/telephony/media'], '/telephony'],
    [['/telephony/webhook/sales', '/telephony/webhook', '/telephony/media'], '/telephony'],
    [['/a/b/hook', '/a/b/status', '/a/c/media'], '/a'],
    [['/sms', '/telephony/media'], '/'],
    [['/telephone/x', '/telephony/y'], '/'],
  ])('is for %j the folder %s, and no more', (paths, folder) => {
    expect(commonFolder(paths)).toBe(folder);
  });
});
