import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLineSplitter } from './lines.ts';

function linesOf(chunks: readonly Uint8Array[]): string[] {
  const lines: string[] = [];
  const splitter = createLineSplitter((line) => lines.push(line));
  for (const chunk of chunks) splitter.push(chunk);
  splitter.end();
  return lines;
}

describe('bytes cut into lines', () => {
  it('are the same lines wherever the chunks are cut', () => {
    const text = fc.array(fc.constantFrom('é', 'a', '\n', '😀', 'longer'), { maxLength: 20 });
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 7 }), (parts, size) => {
        const bytes = Buffer.from(parts.join(''));
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
          bytes.subarray(index * size, (index + 1) * size),
        );
        expect(linesOf(chunks)).toEqual(linesOf([bytes]));
      }),
    );
  });
  it('cost no memory when the line never ends', () => {
    const lines = linesOf(Array.from({ length: 100 }, () => Buffer.alloc(1000, 'a')));
    expect(lines.map((line) => line.length)).toEqual([8192]);
  });
});
