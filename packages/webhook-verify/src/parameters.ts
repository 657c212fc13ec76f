import type { Form } from './form.ts';

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

/** Text is made only of the fields that are asked for. */
export class FormParameters implements WebhookParameters {
  readonly #form: Form;

  constructor(form: Form) {
    this.#form = form;
  }

  get size(): number {
    return this.#form.count;
  }

  get(name: string): string | undefined {
    const field = this.#find(name, 0);
    return field < 0 ? undefined : this.#value(field);
  }

  getAll(name: string): readonly string[] {
    const values: string[] = [];
    for (let field = this.#find(name, 0); field >= 0; field = this.#find(name, field + 1)) {
      values.push(this.#value(field));
    }
    return values;
  }

  has(name: string): boolean {
    return this.#find(name, 0) >= 0;
  }

  *[Symbol.iterator](): Generator<readonly [name: string, value: string]> {
    for (let field = 0; field < this.#form.count; field += 1) {
      yield [this.#name(field), this.#value(field)];
    }
  }

  #name(field: number): string {
    return this.#text(2 * field);
  }

  #value(field: number): string {
    return this.#text(2 * field + 1);
  }

  /** What stands between a bound and the next. */
  #text(bound: number): string {
    const { bytes, bounds, isAscii } = this.#form;
    return bytes.toString(isAscii ? 'latin1' : 'utf8', bounds[bound], bounds[bound + 1]);
  }

  #find(name: string, from: number): number {
    const { count } = this.#form;
    for (let field = from; field < count; field += 1) {
      if (this.#hasName(field, name)) return field;
    }
    return -1;
  }

  #hasName(field: number, name: string): boolean {
    const { bytes, bounds, isAscii } = this.#form;
    if (!isAscii) return this.#name(field) === name;
    const start = bounds[2 * field] ?? 0;
    if ((bounds[2 * field + 1] ?? 0) - start !== name.length) return false;
    for (let index = 0; index < name.length; index += 1) {
      if (bytes[start + index] !== name.charCodeAt(index)) return false;
    }
    return true;
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
