import { blockLength } from './septet-cost.ts';

/** The part of Node's `Buffer` that copies a string's UTF-16 code units in one native call. */
interface Utf16Writer {
  write(text: string, offset: number, lengthBytes: number, encoding: 'utf16le'): number;
}
interface BufferConstructor {
  from(memory: ArrayBuffer): Utf16Writer;
}

/** Makes a function that copies up to `blockLength` code units from `start` into `target`. */
export type FillCodeUnits = (text: string, start: number, end: number) => void;

export const codeUnits: Uint16Array<ArrayBuffer> = /* @__PURE__ */ new Uint16Array(blockLength);

/** The road for every runtime: browsers, workers, big-endian machines. */
export function fillByCharCode(text: string, start: number, end: number): void {
  for (let index = start; index < end; index++) codeUnits[index - start] = text.charCodeAt(index);
}

function hasBufferFrom(value: unknown): value is BufferConstructor {
  return typeof value === 'function' && 'from' in value && typeof value.from === 'function';
}

// `charCodeAt` looks at the string's representation on every call; one native copy makes the scan four times faster.
function createFill(): FillCodeUnits {
  const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
  const constructor: unknown = Reflect.get(globalThis, 'Buffer');
  if (!littleEndian || !hasBufferFrom(constructor)) return fillByCharCode;
  const writer = constructor.from(codeUnits.buffer);
  return (text, start, end) => {
    const block = start === 0 && end === text.length ? text : text.slice(start, end);
    writer.write(block, 0, (end - start) * 2, 'utf16le');
  };
}

/** Copies `text[start, end)` (at most `blockLength` code units) to the start of `codeUnits`. */
export const fillCodeUnits: FillCodeUnits = /* @__PURE__ */ createFill();
