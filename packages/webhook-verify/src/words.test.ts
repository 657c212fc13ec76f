import { describe, expect, it } from 'vitest';
import { copyWords, findSpecialByte, standsAt } from './words.ts';

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

describe('findSpecialByte', () => {
  it('stops at every byte below "," and beyond ASCII, wherever it stands, and at no other', () => {
    for (let byte = 0; byte < 256; byte += 1) {
      for (let place = 0; place < 9; place += 1) {
        const bytes = Buffer.alloc(24, ','.charCodeAt(0));
        bytes[place] = byte;
        bytes[12] = 0x26;
        const isSpecial = byte < 0x2c || byte >= 0x80;
        expect(findSpecialByte(viewOf(bytes), 0)).toBe(isSpecial ? place : 12);
      }
    }
  });

  it('stops at the first of several', () => {
    const view = viewOf(Buffer.from('abc\u007f%+&&&&&&&'));
    for (const [from, at] of [0, 1, 2, 3, 4, 5].entries()) {
      expect(findSpecialByte(view, from)).toBe(Math.max(at, 4));
    }
  });
});

describe('standsAt', () => {
  it('compares every byte, and none behind', () => {
    const text = Buffer.from('&MessageSid=........');
    for (let length = 0; length <= 12; length += 1) {
      const memory = Buffer.concat([Buffer.alloc(3), text.subarray(0, length), Buffer.alloc(8)]);
      expect(standsAt(viewOf(memory), 3, viewOf(text), 0, length)).toBe(true);
      for (let place = 0; place < length; place += 1) {
        for (const bit of [1, 128]) {
          const other = Buffer.from(memory);
          other[3 + place] = (other[3 + place] ?? 0) ^ bit;
          expect(standsAt(viewOf(other), 3, viewOf(text), 0, length)).toBe(false);
        }
      }
      expect(standsAt(viewOf(memory), 4, viewOf(text), 1, Math.max(length - 1, 0))).toBe(true);
    }
  });
});

describe('copyWords', () => {
  it('copies at least as much as it is told, at most seven bytes more', () => {
    const source = Buffer.from(Array.from({ length: 40 }, (_, index) => 250 - index));
    for (let length = 0; length <= 20; length += 1) {
      const target = Buffer.alloc(40);
      copyWords(viewOf(source), 3, viewOf(target), 5, length);
      const end = 8 * Math.ceil(length / 8);
      expect(target).toEqual(
        Buffer.concat([Buffer.alloc(5), source.subarray(3, 3 + end), Buffer.alloc(35 - end)]),
      );
    }
  });
});
