import { countSegments } from '@openclaw/sms-encoding';
import { describe, expect, it } from 'vitest';
import { hostPairingText } from './pairing-text.ts';

describe('the pairing text', () => {
  it('is one segment and holds the very command', () => {
    const text = hostPairingText('ABCD2345');
    expect(text).toContain('openclaw pairing approve telephony ABCD2345');
    expect(countSegments(text)).toBe(1);
  });
});
