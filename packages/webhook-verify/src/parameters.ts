import { formEnd, type Form } from './form.ts';
import { sliceRange, type KnownForm } from './known-form.ts';

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

/** Over a form. Strings are made only of the fields that are asked for. */
export class FormParameters implements WebhookParameters {
  readonly #form: Form;
  #textOnDemand: string | undefined;

  constructor(form: Form) {
    this.#form = form;
  }

  get size(): number {
    return this.#form.count;
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

  /** Names and values one behind the other, a character for each of their bytes. */
  get #text(): string {
    this.#textOnDemand ??= this.#form.bytes.toString('latin1', 0, formEnd(this.#form));
    return this.#textOnDemand;
  }

  /** What stands between a bound and the next. */
  #part(bound: number): string {
    const { bounds, isAscii } = this.#form;
    return toText(this.#text.slice(bounds[bound], bounds[bound + 1]), isAscii);
  }

  #find(name: string, from: number): number {
    const { bounds, count, isAscii } = this.#form;
    const { length } = name;
    const text = this.#text;
    for (let field = from; field < count; field += 1) {
      const start = bounds[2 * field] ?? 0;
      if (isAscii) {
        const isThere =
          (bounds[2 * field + 1] ?? 0) - start === length && text.startsWith(name, start);
        if (isThere) return field;
      } else if (this.#part(2 * field) === name) {
        return field;
      }
    }
    return -1;
  }
}

/** Over a form whose names were known before. */
export class KnownFormParameters implements WebhookParameters {
  readonly #form: KnownForm;
  readonly #signedFields: string;

  /** `signedFields` has a character for each byte. */
  constructor(form: KnownForm, signedFields: string) {
    this.#form = form;
    this.#signedFields = signedFields;
  }

  get size(): number {
    return this.#form.layout.names.length;
  }

  get(name: string): string | undefined {
    const field = this.#form.layout.fieldOf.get(name);
    return field === undefined ? undefined : this.#value(field);
  }

  getAll(name: string): readonly string[] {
    const value = this.get(name);
    return value === undefined ? [] : [value];
  }

  has(name: string): boolean {
    return this.#form.layout.fieldOf.has(name);
  }

  *[Symbol.iterator](): Generator<readonly [name: string, value: string]> {
    for (const [field, name] of this.#form.layout.names.entries()) {
      yield [name, this.#value(field)];
    }
  }

  #value(field: number): string {
    const { ranges, isAscii } = this.#form;
    return toText(sliceRange(this.#signedFields, ranges[field] ?? 0), isAscii);
  }
}

function toText(bytes: string, isAscii: boolean): string {
  return isAscii ? bytes : Buffer.from(bytes, 'latin1').toString();
}

/** `signedFields` are those of a known form, with a character for each byte. */
export function toParameters(form: Form | KnownForm, signedFields: string): WebhookParameters {
  return 'layout' in form ? new KnownFormParameters(form, signedFields) : new FormParameters(form);
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
