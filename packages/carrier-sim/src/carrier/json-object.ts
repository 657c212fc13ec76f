/** A JSON object whose fields can be anything. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** True for an object that is no list. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object in a request's body; an empty body is an empty object, anything else undefined. */
export function readJsonObject(body: Uint8Array): JsonObject | undefined {
  const text = Buffer.from(body).toString('utf8');
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A field that is a string with something in it. */
export function textIn(object: JsonObject, name: string): string | undefined {
  const value = object[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A field that is a list of strings; undefined when it is something else, empty when it is absent. */
export function textsIn(object: JsonObject, name: string): readonly string[] | undefined {
  const value = object[name] ?? [];
  if (!Array.isArray(value)) return undefined;
  const texts = value.filter((item): item is string => typeof item === 'string');
  return texts.length === value.length ? texts : undefined;
}
