/** A row of the arrow table: `| layer | package | uses | third-party |`. */
export interface Row {
  readonly layer: number;
  readonly name: string;
  readonly uses: readonly string[];
  readonly thirdParty: readonly string[];
}

/** What a package really uses. Names of ours without the scope. */
export interface Package {
  readonly name: string;
  readonly uses: readonly string[];
  readonly testUses: readonly string[];
  readonly thirdParty: readonly string[];
}

/** Stand-ins that the tests of any layer may use. */
const testTools: ReadonlySet<string> = new Set([
  'carrier-sim',
  'provider-mock',
  'provider-testkit',
]);

const codeSpans = (cell: string): string[] =>
  Array.from(cell.matchAll(/`([^`]+)`/gu), (match) => match[1] ?? '');

/** Reads the rows of the table whose header is `| layer | package | uses | third-party |`. */
export function readArrowTable(markdown: string): Row[] {
  const lines = markdown.split('\n');
  const header = lines.findIndex((line) =>
    /^\|\s*layer\s*\|\s*package\s*\|\s*uses\s*\|\s*third-party\s*\|/u.test(line),
  );
  if (header === -1) throw new Error('ARCHITECTURE.md has no arrow table');
  const end = lines.findIndex((line, index) => index > header && !line.startsWith('|'));
  return lines.slice(header + 2, end === -1 ? undefined : end).map((line) => {
    const [, layer = '', name = '', uses = '', thirdParty = ''] = line.split('|');
    return {
      layer: Number(layer),
      name: codeSpans(name)[0] ?? '',
      uses: codeSpans(uses),
      thirdParty: codeSpans(thirdParty),
    };
  });
}

/** Every way in which the packages and the table part ways, as sentences. */
export function arrowProblems(rows: readonly Row[], packages: readonly Package[]): string[] {
  const problems: string[] = [];
  const layerOf = new Map(rows.map((row) => [row.name, row.layer]));
  const real = new Map(packages.map((one) => [one.name, one]));
  for (const { name } of packages) {
    if (!layerOf.has(name)) problems.push(`${name} is not in the arrow table`);
  }
  for (const row of rows) {
    const found = real.get(row.name);
    if (found === undefined) {
      problems.push(`${row.name} is in the arrow table and nowhere else`);
      continue;
    }
    for (const target of row.uses) {
      if ((layerOf.get(target) ?? Infinity) >= row.layer) {
        problems.push(`${row.name} → ${target} does not point to a lower layer`);
      }
    }
    problems.push(
      ...differences(row.name, 'uses', found.uses, row.uses),
      ...differences(row.name, 'installs', found.thirdParty, row.thirdParty),
    );
    for (const target of found.testUses) {
      if (!testTools.has(target) && (layerOf.get(target) ?? Infinity) >= row.layer) {
        problems.push(`the tests of ${row.name} use ${target}, which is no lower layer`);
      }
    }
  }
  return problems;
}

function differences(
  name: string,
  verb: string,
  real: readonly string[],
  allowed: readonly string[],
): string[] {
  return [
    ...real
      .filter((one) => !allowed.includes(one))
      .map((one) => `${name} ${verb} ${one}, which the table does not allow`),
    ...allowed
      .filter((one) => !real.includes(one))
      .map((one) => `the table says that ${name} ${verb} ${one}, which it does not`),
  ];
}
