import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeGsm7, encodeGsm7 } from './gsm7.ts';
import { reassemble } from './reassemble.ts';
import type { MessagePart } from './reassemble.ts';
import { segmentMessage } from './segment-message.ts';
import { packSeptets, unpackSeptets } from './septets.ts';
import { allPieces, escapedPieces, gsm7Pieces } from './texts.testing.ts';
import { decodeUcs2, encodeUcs2 } from './ucs2.ts';
import { buildConcatenationHeader, parseUserDataHeader } from './user-data-header.ts';

const part = (sequence: number, text: string, change: Partial<MessagePart> = {}): MessagePart => ({
  reference: 7,
  referenceBits: 8,
  total: 3,
  sequence,
  text,
  ...change,
});

describe('reassemble', () => {
  it('joins parts that came in any order, and twice', () => {
    const parts = [part(3, 'c'), part(1, 'a'), part(3, 'X'), part(2, 'b')];
    expect(reassemble(parts)).toEqual([
      { reference: 7, referenceBits: 8, total: 3, text: 'abc', missing: [] },
    ]);
  });

  it('says what is missing', () => {
    expect(reassemble([part(2, 'b')])).toEqual([
      { reference: 7, referenceBits: 8, total: 3, text: undefined, missing: [1, 3] },
    ]);
  });

  it('keeps messages apart by reference, its width and total', () => {
    const messages = reassemble([
      part(1, 'a', { total: 1 }),
      part(1, 'b', { total: 1, reference: 8 }),
      part(1, 'c', { total: 1, referenceBits: 16 }),
      part(1, 'd', { total: 2 }),
    ]);
    expect(messages.map((message) => message.text)).toEqual(['a', 'b', 'c', undefined]);
  });

  it('heals a surrogate pair that was torn', () => {
    const torn = [part(1, '\ud83d', { total: 2 }), part(2, '\ude00', { total: 2 })];
    expect(reassemble(torn)[0]?.text).toBe('😀');
  });

  it('makes nothing of nothing, and refuses impossible parts', () => {
    expect(reassemble([])).toEqual([]);
    expect(() => reassemble([part(4, 'd')])).toThrow('sequence must be a whole number from 1 to 3');
    expect(() => reassemble([part(1, 'a', { total: 1e9 })])).toThrow('total must be');
  });
});

/** What goes over the air for one segment: header, fill bits and text in at most 140 bytes. */
function toUserData(text: string, encoding: 'gsm7' | 'ucs2', header: Uint8Array): Uint8Array {
  const body =
    encoding === 'gsm7'
      ? packSeptets(encodeGsm7(text), { headerBytes: header.length })
      : encodeUcs2(text);
  return Uint8Array.of(...header, ...body);
}

function fromUserData(userData: Uint8Array, encoding: 'gsm7' | 'ucs2', units: number): MessagePart {
  const header = parseUserDataHeader(userData);
  if (header?.concatenation === undefined) throw new TypeError('not a part');
  const { headerBytes } = header;
  const body = userData.subarray(headerBytes);
  const text =
    encoding === 'gsm7'
      ? decodeGsm7(unpackSeptets(body, units, { headerBytes }))
      : decodeUcs2(body);
  return { ...header.concatenation, text };
}

describe('a message sent and received', () => {
  it.each([
    ['GSM-7', [...gsm7Pieces, ...escapedPieces]],
    ['any text', allPieces],
  ])('is what it was: %s', (_name, pieces) => {
    const anyText = fc.array(fc.constantFrom(...pieces), {
      minLength: 165,
      maxLength: 500,
    });
    fc.assert(
      fc.property(anyText, fc.constantFrom<8 | 16>(8, 16), (list, reference) => {
        const text = list.join('');
        const { encoding, segments } = segmentMessage(text, { reference });
        const parts = segments.map((segment, index) => {
          const header = buildConcatenationHeader({
            reference: 1,
            referenceBits: reference,
            total: segments.length,
            sequence: index + 1,
          });
          const userData = toUserData(segment.text, encoding, header);
          expect(userData.length).toBeLessThanOrEqual(140);
          return fromUserData(userData, encoding, segment.unitCount);
        });
        expect(reassemble(parts.toReversed())[0]?.text).toBe(text);
      }),
    );
  });
});
