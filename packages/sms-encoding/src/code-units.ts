import { blockLength } from './septet-cost.ts';

/** The part of Node's `Buffer` that copies a string's UTF-16 code units in one native call. */
interface Utf16Writer {
  write(text: string, offset: number, lengthBytes: number, encoding: 'utf16le'): number;
}
interface BufferConstructor {
  from(memory: ArrayBuffer): Utf16Writer;
}

/** Copies `text[start, end)`, at most `blockLength` code units, to the start of `codeUnits`. */
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
/** The quickest road there is, given what the runtime has under the name of `Buffer`. */
export function createFill(buffer: unknown): FillCodeUnits {
  const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
  if (!isLittleEndian || !hasBufferFrom(buffer)) return fillByCharCode;
  const writer = buffer.from(codeUnits.buffer);
  return (text, start, end) => {
    const block = end - start === text.length ? text : text.slice(start, end);
    writer.write(block, 0, (end - start) * 2, 'utf16le');
  };
}

/** The quickest road of this runtime. */
export const fillCodeUnits: FillCodeUnits = /* @__PURE__ */ createFill(
  /* @__PURE__ */ Reflect.get(globalThis, 'Buffer'),
);
