/** An object that came out of `JSON.parse`, of which nothing is known yet. */
export type JsonRecord = Readonly<Record<string, unknown>>;

/** True for an object that is no array. */
export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The text of a field; `undefined` when it holds anything else. */
export function stringIn(record: JsonRecord, key: string): string | undefined {
  const value = record[key];
  return typeof value === 'string' ? value : undefined;
}

/** The whole number of a field, 0 or more; `undefined` when it holds anything else. */
export function countIn(record: JsonRecord, key: string): number | undefined {
  const value = record[key];
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** Parses JSON; `undefined` for what is no JSON object in UTF-8. */
export function parseJsonObject(bytes: Uint8Array): JsonRecord | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
