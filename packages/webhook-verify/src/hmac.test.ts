import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { blockBytes, equalsInConstantTime, signMessage } from './hmac.ts';

const signedText = 'https://a.example/\u00fcBody1';
const messageOf = (): Buffer => Buffer.concat([Buffer.alloc(blockBytes), Buffer.from(signedText)]);

describe('signMessage', () => {
  it.each(['sha1', 'sha256'] as const)('is the HMAC that node:crypto makes: %s', (algorithm) => {
    const keys = [
      'k',
      'k\u00fc',
      '\u20ac'.repeat(21),
      'k'.repeat(64),
      'k'.repeat(65),
      'k'.repeat(200),
    ];
    // More keys than are kept padded, and each twice.
    for (let key = 0; key < 40; key += 1) keys.push(`key ${String(key)}`);
    for (const key of [...keys, ...keys]) {
      const expected = createHmac(algorithm, key).update(signedText).digest('base64');
      expect(signMessage(algorithm, key, messageOf())).toBe(expected);
    }
  });

  it('leaves nothing of the key in front of the message', () => {
    const message = messageOf();
    for (let time = 0; time < 2; time += 1) {
      signMessage('sha1', 'a key', message);
      expect(message).toEqual(messageOf());
    }
  });
});

describe('equalsInConstantTime', () => {
  it.each([28, 44, 64])('tells texts of %d characters that differ anywhere', (length) => {
    const text = 'x'.repeat(length);
    expect(equalsInConstantTime(text, 'x'.repeat(length))).toBe(true);
    for (let place = 0; place < length; place += 1) {
      const other = `${text.slice(0, place)}y${text.slice(place + 1)}`;
      expect(equalsInConstantTime(text, other)).toBe(false);
    }
  });

  it('takes no other length, and none that differs', () => {
    const text = 'x'.repeat(28);
    for (const given of ['', 'x', `${text}x`, text.slice(1), 'x'.repeat(44)]) {
      expect(equalsInConstantTime(text, given)).toBe(false);
    }
    expect(equalsInConstantTime('x', 'x')).toBe(false);
    expect(equalsInConstantTime(text, '\u00e9'.repeat(28))).toBe(false);
  });
});
