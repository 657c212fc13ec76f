/** An object as `JSON.parse` gives it. */
export type JsonRecord = { readonly [key: string]: unknown };

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
export const stringIn = (record: JsonRecord, key: string): string | undefined =>
  typeof record[key] === 'string' ? record[key] : undefined;
export const numberIn = (record: JsonRecord, key: string): number | undefined =>
  typeof record[key] === 'number' ? record[key] : undefined;
