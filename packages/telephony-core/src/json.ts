import type { JsonObject } from './provider.ts';

/** True for an object that is no array, and of whose fields nothing is known yet. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Parses JSON; `undefined` for what is no JSON object, so that a carrier's answer never throws.
 *
 * @example
 * parseJsonObject('{"id":"m1"}'); // { id: 'm1' }
 * parseJsonObject('<html>'); // undefined
 */
export function parseJsonObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The text of a field; `undefined` when it is empty or holds anything else.
 *
 * @example
 * textIn({ id: 'm1', price: null }, 'price'); // undefined
 */
export function textIn(object: JsonObject, key: string): string | undefined {
  const value = object[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The object in a field; an empty one when it holds anything else. */
export function objectIn(object: JsonObject, key: string): JsonObject {
  const value = object[key];
  return isJsonObject(value) ? value : {};
}

/** The objects in a field that holds a list; what else is in the list is left out. */
export function objectsIn(object: JsonObject, key: string): readonly JsonObject[] {
  const value = object[key];
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

/** The whole number above zero in a field; `undefined` when it holds anything else. */
export function positiveIntegerIn(object: JsonObject, key: string): number | undefined {
  const value = object[key];
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}
