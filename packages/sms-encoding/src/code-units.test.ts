import { expect, it } from 'vitest';
import { codeUnits, createFill, fillByCharCode, fillCodeUnits } from './code-units.ts';
import { blockLength } from './septet-cost.ts';

const text = Array.from({ length: 5000 }, (_unused, index) => String.fromCharCode(index * 13)).join(
  '',
);

it.each([
  ['character by character', fillByCharCode],
  ['in one native call', fillCodeUnits],
])('copies code units %s, also of a slice', (_name, fill) => {
  for (const [start, end] of [
    [0, 300],
    [17, 17],
    [800, 800 + blockLength],
  ] as const) {
    codeUnits.fill(0);
    fill(text, start, end);
    const expected = Array.from({ length: end - start }, (_unused, index) =>
      text.charCodeAt(start + index),
    );
    expect(Array.from(codeUnits.subarray(0, end - start))).toEqual(expected);
  }
  codeUnits.fill(0);
  fill('ab\ud800', 0, 3);
  expect(Array.from(codeUnits.subarray(0, 3))).toEqual([0x61, 0x62, 0xd800]);
});

it.each([undefined, null, {}, { from: () => 0 }, () => 0, Object.assign(() => 0, { from: 1 })])(
  'goes character by character where Buffer is %o',
  (buffer) => {
    expect(createFill(buffer)).toBe(fillByCharCode);
  },
);

it('goes the quick road where there is a Buffer', () => {
  expect(createFill(Buffer)).not.toBe(fillByCharCode);
  expect(fillCodeUnits).not.toBe(fillByCharCode);
});
