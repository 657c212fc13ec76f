import { getCountries } from 'libphonenumber-js/min';
import { describe, expect, it } from 'vitest';
import { countryCodes } from './countries.data.ts';
import { knownKeys, telephonyJsonSchema } from './json-schema.ts';
import { filePaths, secretPaths } from './secret-paths.data.ts';

const property = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;

interface Leaf {
  readonly path: string;
  readonly schema: unknown;
}
/** Everything in a schema that is no section, with its path. */
function leavesOf(schema: unknown, path: readonly string[] = []): Leaf[] {
  const properties = property(schema, 'properties');
  const entries = property(schema, 'additionalProperties');
  if (typeof properties === 'object' && properties !== null) {
    return Object.entries(properties).flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
  }
  if (typeof entries === 'object' && entries !== null) return leavesOf(entries, [...path, '*']);
  return [{ path: path.join('.'), schema }];
}
const leaves = leavesOf(telephonyJsonSchema());
const leafAt = (path: string): unknown => leaves.find((leaf) => leaf.path === path)?.schema;

describe('the JSON schema', () => {
  it('describes every setting in words', () => {
    expect(leaves.length).toBeGreaterThan(100);
    expect(
      leaves.filter(({ schema }) => typeof property(schema, 'description') !== 'string'),
    ).toEqual([]);
  });
  it('shows every default above, and none in an account, which inherits', () => {
    expect(leafAt('serve.port')).toMatchObject({ default: 3335 });
    expect(leafAt('voice.maxDurationSeconds')).toMatchObject({ default: 300 });
    expect(
      leaves.filter(
        ({ path, schema }) =>
          path.startsWith('accounts.') && property(schema, 'default') !== undefined,
      ),
    ).toEqual([]);
  });
  it('marks the secrets, and no others', () => {
    const marked = leaves
      .filter(({ schema }) => property(schema, 'writeOnly') === true)
      .map(({ path }) => path);
    const ofAccounts = secretPaths
      .filter((path) => !path.startsWith('tunnel.'))
      .map((path) => `accounts.*.${path}`);
    expect(new Set(marked)).toEqual(new Set([...secretPaths, ...ofAccounts]));
  });
  it('knows a file beside each setting that may be in one', () => {
    for (const path of filePaths) expect(leafAt(`${path}File`)).toMatchObject({ type: 'string' });
  });
  it('closes every section, and needs nothing that only some validators know', () => {
    const text = JSON.stringify(telephonyJsonSchema());
    expect(text).not.toMatch(/"format"|"\$ref"|"\$defs"/u);
    expect(text).toContain('http://json-schema.org/draft-07/schema#');
    const sections = text.split('"properties"').length - 1;
    expect(text.split('"additionalProperties":false').length - 1).toBe(sections);
  });
  it('tells the keys at a path, also below any account', () => {
    expect(knownKeys(['accounts', 'sales', 'serve'])).toEqual(['path', 'statusPath', 'mediaPath']);
    expect(knownKeys(['tunnel'])).toContain('ngrokDomain');
    expect(knownKeys(['nothing', 'here'])).toEqual([]);
  });
});

describe('the countries', () => {
  it('are those whose numbers can be read', () => {
    expect(countryCodes.trim().split(/\s+/u)).toEqual([...getCountries()].toSorted());
  });
});
