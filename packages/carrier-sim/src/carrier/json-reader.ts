import { isJsonObject } from './json-object.ts';

/** What was sent to a control endpoint is not what it takes. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
}

/** A JSON object whose fields are read one by one, each with its type. */
export interface JsonReader {
  string(name: string): string;
  optionalString(name: string): string | undefined;
  optionalNumber(name: string): number | undefined;
  optionalBoolean(name: string): boolean | undefined;
  optionalObject(name: string): JsonReader | undefined;
  /** Objects in a list; empty when absent. */
  objects(name: string): readonly JsonReader[];
  /** All fields that are strings. */
  strings(): Readonly<Record<string, string>>;
  /** One of these words. */
  oneOf<const Word extends string>(name: string, words: readonly Word[]): Word;
}

/**
 * Reads a JSON object.
 *
 * @throws {ControlError} when it is none
 */
export function parseObject(text: string): JsonReader {
  let value: unknown;
  try {
    value = JSON.parse(text === '' ? '{}' : text);
  } catch {
    throw new ControlError('the body is not JSON');
  }
  return readerOf(value, 'the body');
}

function readerOf(value: unknown, where: string): JsonReader {
  if (!isJsonObject(value)) throw new ControlError(`${where} is not an object`);
  const optional = <T>(name: string, is: (field: unknown) => field is T): T | undefined => {
    const field = value[name];
    if (field === undefined || is(field)) return field;
    throw new ControlError(`\`${name}\` has the wrong type`);
  };
  const string = (name: string): string => {
    const field = optional(name, isString);
    if (field === undefined) throw new ControlError(`\`${name}\` is missing`);
    return field;
  };
  return {
    string,
    optionalString: (name) => optional(name, isString),
    optionalNumber: (name) => optional(name, isNumber),
    optionalBoolean: (name) => optional(name, isBoolean),
    optionalObject(name) {
      const field = optional(name, isJsonObject);
      return field === undefined ? undefined : readerOf(field, name);
    },
    objects: (name) =>
      (optional(name, isArray) ?? []).map((item, index) => readerOf(item, `${name}[${index}]`)),
    strings() {
      const entries = Object.entries(value).filter(
        (entry): entry is [string, string] => typeof entry[1] === 'string',
      );
      return Object.fromEntries(entries);
    },
    oneOf(name, words) {
      const text = string(name);
      const word = words.find((candidate) => candidate === text);
      if (word !== undefined) return word;
      throw new ControlError(`\`${name}\` is none of ${words.join(', ')}`);
    },
  };
}

function isArray(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}
