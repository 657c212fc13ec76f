import { closest, distance } from 'fastest-levenshtein';
import { z } from 'zod';
import { telephonyConfigSchema } from './schema.ts';

/** A configuration that cannot be used: one line for each thing to mend, none of them with a value in it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[], source: string) {
    super(`${source} cannot be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

/** Says in sentences what a schema error says in data. */
export function describeIssues(error: z.ZodError): string[] {
  return error.issues.flatMap((issue) => {
    const where = issue.path.join('.');
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => unknownKey([...issue.path.map(String), key]));
    }
    if (issue.path.length === 1 && where === 'provider' && issue.code === 'invalid_value') {
      return [
        `provider must be one of ${issue.values.map((value) => `"${String(value)}"`).join(', ')}`,
      ];
    }
    return [`${where === '' ? 'the configuration' : where} ${plain(issue.message)}`];
  });
}

const plain = (message: string): string =>
  /^[A-Z]/u.test(message)
    ? `is not right: ${message.charAt(0).toLowerCase()}${message.slice(1)}`
    : message;

function unknownKey(path: readonly string[]): string {
  const known = keysAt(path.slice(0, -1));
  const key = path.at(-1) ?? '';
  const near = known.length === 0 ? undefined : closest(key, known);
  const hint =
    near !== undefined &&
    distance(key.toLowerCase(), near.toLowerCase()) <= Math.max(2, key.length / 3)
      ? `; did you mean "${near}"?`
      : `; known here: ${known.join(', ')}`;
  return `${path.join('.')} is no setting${hint}`;
}

/** The keys that the schema knows at a path. */
function keysAt(path: readonly string[]): string[] {
  let schema: unknown = z.toJSONSchema(telephonyConfigSchema, {
    io: 'input',
    unrepresentable: 'any',
  });
  for (const key of path) schema = property(property(schema, 'properties'), key);
  const properties = property(schema, 'properties');
  return typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
}

const property = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
