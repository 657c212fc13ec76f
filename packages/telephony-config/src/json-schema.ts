import { z } from 'zod';
import { telephonyConfigSchema } from './schema.ts';

/** A JSON schema, as data. */
export type JsonSchema = { readonly [keyword: string]: unknown };

let made: JsonSchema | undefined;

/**
 * The configuration's JSON schema (draft 7), made of the same zod schema that checks it. It tells the form of each
 * setting; what settings must not stand together, only loading tells. Secrets are `writeOnly`, and in {@link secretPaths}.
 *
 * @example
 * await writeFile('telephony.schema.json', JSON.stringify(telephonyJsonSchema(), null, 2));
 */
export function telephonyJsonSchema(): JsonSchema {
  made ??= z.toJSONSchema(telephonyConfigSchema, {
    target: 'draft-7',
    io: 'input',
    unrepresentable: 'any',
    override({ jsonSchema }) {
      // Formats are unknown to a validator without a plug-in, which may refuse the whole schema for it.
      delete jsonSchema.format;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  return made;
}

/** The keys that are known at a path; below `accounts`, any name is known. */
export function knownKeys(path: readonly string[]): string[] {
  let schema: unknown = telephonyJsonSchema();
  for (const key of path) {
    schema =
      property(property(schema, 'properties'), key) ?? property(schema, 'additionalProperties');
  }
  const properties = property(schema, 'properties');
  return typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
}

const property = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? Reflect.get(value, key)
    : undefined;
