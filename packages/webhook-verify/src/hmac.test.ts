import { createHmac } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
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

  it.each(['k', '\u00fc'.repeat(32)])('clears the room in front of the message: %s', (key) => {
    const message = Buffer.concat([Buffer.alloc(blockBytes, 1), Buffer.from(signedText)]);
    signMessage('sha1', key, message);
    expect(message).toEqual(messageOf());
  });

  it('pads a key once, and keeps at most sixteen of them', () => {
    const keeping = vi.spyOn(Map.prototype, 'set');
    try {
      for (let time = 0; time < 3; time += 1) {
        for (const key of ['first', 'second']) signMessage('sha256', key, messageOf());
      }
      // The second time when the memory was full in between.
      const paddings = keeping.mock.calls.filter(([key]) => key === 'first');
      expect([1, 2]).toContain(paddings.length);
      for (let key = 0; key < 40; key += 1)
        signMessage('sha256', `no. ${String(key)}`, messageOf());
      const kept = keeping.mock.contexts.at(-1);
      expect(kept instanceof Map && kept.has('no. 39') && kept.size <= 16).toBe(true);
    } finally {
      keeping.mockRestore();
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

  it('takes no character whose last byte is that of the right one', () => {
    const text = 'A'.repeat(28);
    for (let place = 0; place < text.length; place += 1) {
      const other = `${text.slice(0, place)}\u0141${text.slice(place + 1)}`;
      expect(equalsInConstantTime(text, other)).toBe(false);
    }
  });
});
