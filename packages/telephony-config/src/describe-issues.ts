import { closest, distance } from 'fastest-levenshtein';
import type { z } from 'zod';
import { issueSentence } from './issue-sentence.ts';
import { knownKeys } from './json-schema.ts';

/**
 * Says in sentences what a schema error says in data.
 *
 * @param prefix stands before every setting, as `accounts.sales.`
 * @param variables names the environment variable of a setting that came from one
 */
export function describeIssues(
  error: z.ZodError,
  prefix = '',
  variables: ReadonlyMap<string, string> = new Map(),
): string[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.map(String);
    const variable = variables.get(path.join('.'));
    const where = `${prefix}${path.join('.')}${variable === undefined ? '' : ` (${variable})`}`;
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => unknownKey([...path, key], prefix));
    }
    if (issue.code === 'invalid_key') {
      return [`${where}: the name of an account must be small letters, digits, - and _`];
    }
    return [`${where === '' ? 'the configuration' : where} ${issueSentence(issue)}`];
  });
}

function unknownKey(path: readonly string[], prefix: string): string {
  const known = knownKeys(path.slice(0, -1));
  return `${prefix}${path.join('.')} is no setting${nearest(path.at(-1) ?? '', known)}`;
}

/** What was probably meant, or what there is to choose from. */
export function nearest(word: string, known: readonly string[]): string {
  if (known.length === 0) return '';
  const near = closest(word, known);
  return distance(word.toLowerCase(), near.toLowerCase()) <= Math.max(2, word.length / 3)
    ? `; did you mean "${near}"?`
    : `; known here: ${known.join(', ')}`;
}
