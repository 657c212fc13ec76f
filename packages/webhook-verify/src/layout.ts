import type { Form } from './form.ts';
import { spareBytes } from './words.ts';

/** More fields than a text or a call has. */
export const maxLayoutFieldCount = 64;
const maxNamesBytes = 2048;
/** Names that nobody writes in another way: what a layout expects is what arrives. */
const plainName = /^[A-Za-z0-9_.-]+$/u;

/**
 * What a genuine request had, and most requests to the same route have: its URL, and which fields,
 * in which order they came, and are signed.
 */
export class Layout {
  readonly url: string;
  readonly urlBytes: Uint8Array;
  /** In order of arrival, no two alike. */
  readonly names: readonly string[];
  readonly fieldOf: ReadonlyMap<string, number>;
  /** The fields, sorted by name. */
  readonly order: Int32Array;
  /** `&name=` of all fields, and room to read too far. */
  readonly openings: DataView;
  /** For each field where its opening starts; last where the last one ends. */
  readonly starts: Int32Array;

  constructor(url: string, names: readonly string[], order: readonly number[]) {
    this.url = url;
    this.urlBytes = Buffer.from(url);
    this.names = names;
    this.fieldOf = new Map(names.map((name, field) => [name, field]));
    this.order = Int32Array.from(order);
    const text = names.map((name) => `&${name}=`).join('');
    const bytes = Buffer.alloc(text.length + spareBytes);
    bytes.write(text, 'latin1');
    this.openings = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.starts = new Int32Array(names.length + 1);
    for (const [field, name] of names.entries()) {
      this.starts[field + 1] = (this.starts[field] ?? 0) + name.length + 2;
    }
  }
}

/** Undefined for a form whose names are not plain, are repeated, or are too many. */
export function layoutOf(url: string, form: Form, order: readonly number[]): Layout | undefined {
  const { bytes, bounds, count } = form;
  if (count === 0 || count > maxLayoutFieldCount) return undefined;
  const names: string[] = [];
  let length = 0;
  for (let field = 0; field < count; field += 1) {
    const name = bytes.toString('latin1', bounds[2 * field], bounds[2 * field + 1]);
    length += name.length;
    if (length > maxNamesBytes || !plainName.test(name)) return undefined;
    names.push(name);
  }
  return new Set(names).size === count ? new Layout(url, names, order) : undefined;
}
