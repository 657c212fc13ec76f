import { TelephonyError } from '@openclaw/telephony-core';
import { Dead, StoreError } from '@openclaw/telephony-store';
import { describe, expect, it } from 'vitest';
import { isRead, reasonOf, silentLogger } from './logger.ts';

describe('the reason in a log line', () => {
  it('is the message of our own errors, which hold nothing personal', () => {
    const refused = new TelephonyError('unsupported', 'no pictures', { outcome: 'not-performed' });
    expect(reasonOf(refused)).toBe('no pictures');
    expect(reasonOf(new StoreError('full', 'the disk is full'))).toBe('the disk is full');
    expect(reasonOf(new Dead('given up'))).toBe('given up');
  });
  it('is the class, the code and the place of any other', () => {
    const error = Object.assign(new RangeError('cannot answer +15550100123: my PIN is 1234'), {
      code: 'E_PIN',
    });
    expect(reasonOf(error)).toMatch(/^RangeError E_PIN at .*logger\.test\.ts:\d+:\d+$/u);
    expect(reasonOf(error)).not.toMatch(/1234|1555/u);
    expect(reasonOf('+15550100123')).toBe('something that is not an Error was thrown');
  });
});

const say = (): void => undefined;

describe('a line that costs something to make', () => {
  it('is made unless the logger says that nobody reads its level', () => {
    const plain = { debug: say, info: say, warn: say, error: say };
    expect(isRead(plain, 'info')).toBe(true);
    expect(isRead(silentLogger, 'info')).toBe(false);
    const reader = { ...plain, isLevelEnabled: (level: string) => level === 'info' };
    expect([isRead(reader, 'info'), isRead(reader, 'debug')]).toEqual([true, false]);
  });
});
