import { formEnd, type Form } from './form.ts';

/** The decoded fields of a form or a query, in order of arrival. */
export interface WebhookParameters extends Iterable<readonly [name: string, value: string]> {
  /** How many fields there are, repeated ones counted each time. */
  readonly size: number;
  /** The first value of that name. */
  get(name: string): string | undefined;
  /** All values of that name, in order of arrival. */
  getAll(name: string): readonly string[];
  has(name: string): boolean;
}

/** Over a form, of which it keeps a copy. Strings are made only of the fields that are asked for. */
export class FormParameters implements WebhookParameters {
  readonly size: number;
  /** Names and values one behind the other, a character for each of their bytes. */
  readonly #text: string;
  readonly #bounds: readonly number[];
  readonly #isAscii: boolean;

  constructor(form: Form) {
    this.size = form.count;
    this.#text = form.bytes.toString('latin1', 0, formEnd(form));
    this.#bounds = form.bounds;
    this.#isAscii = form.isAscii;
  }

  get(name: string): string | undefined {
    const field = this.#find(name, 0);
    return field < 0 ? undefined : this.#part(2 * field + 1);
  }

  getAll(name: string): readonly string[] {
    const values: string[] = [];
    for (let field = this.#find(name, 0); field >= 0; field = this.#find(name, field + 1)) {
      values.push(this.#part(2 * field + 1));
    }
    return values;
  }

  has(name: string): boolean {
    return this.#find(name, 0) >= 0;
  }

  *[Symbol.iterator](): Generator<readonly [name: string, value: string]> {
    for (let field = 0; field < this.size; field += 1) {
      yield [this.#part(2 * field), this.#part(2 * field + 1)];
    }
  }

  /** What stands between a bound and the next. */
  #part(bound: number): string {
    const part = this.#text.slice(this.#bounds[bound], this.#bounds[bound + 1]);
    return this.#isAscii ? part : Buffer.from(part, 'latin1').toString();
  }

  #find(name: string, from: number): number {
    const bounds = this.#bounds;
    const { length } = name;
    for (let field = from; field < this.size; field += 1) {
      const start = bounds[2 * field] ?? 0;
      if (this.#isAscii) {
        const isThere =
          (bounds[2 * field + 1] ?? 0) - start === length && this.#text.startsWith(name, start);
        if (isThere) return field;
      } else if (this.#part(2 * field) === name) {
        return field;
      }
    }
    return -1;
  }
}

/** Over pairs that are text already. */
export class ListedParameters implements WebhookParameters {
  readonly #pairs: readonly (readonly [name: string, value: string])[];

  constructor(pairs: Iterable<readonly [name: string, value: string]>) {
    this.#pairs = [...pairs];
  }

  get size(): number {
    return this.#pairs.length;
  }

  get(name: string): string | undefined {
    return this.#pairs.find(([other]) => other === name)?.[1];
  }

  getAll(name: string): readonly string[] {
    return this.#pairs.filter(([other]) => other === name).map(([, value]) => value);
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  [Symbol.iterator](): Iterator<readonly [name: string, value: string]> {
    return this.#pairs.values();
  }
}
