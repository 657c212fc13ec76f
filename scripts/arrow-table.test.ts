import { describe, expect, it } from 'vitest';
import { arrowProblems, type Package, readArrowTable } from './arrow-table.ts';

const table = `
text

| layer | package | uses | third-party |
|---|---|---|---|
| 0 | \`core\` | | |
| 1 | \`provider-x\` | \`core\` | \`zod\` |

more
`;
const pkg = (name: string, over: Partial<Package> = {}): Package => ({
  name,
  uses: [],
  testUses: [],
  thirdParty: [],
  ...over,
});
const good = [pkg('core'), pkg('provider-x', { uses: ['core'], thirdParty: ['zod'] })];

describe('the layer check', () => {
  it('is content when the packages are as the table says', () => {
    expect(arrowProblems(readArrowTable(table), good)).toEqual([]);
  });
  it('refuses an arrow that points up, even when the table has it', () => {
    const rows = readArrowTable(table.replace('| `core` | | |', '| `core` | `provider-x` | |'));
    expect(arrowProblems(rows, [pkg('core', { uses: ['provider-x'] }), ...good.slice(1)])).toEqual([
      'core → provider-x does not point to a lower layer',
    ]);
  });
  it('refuses an arrow and a dependency that the table does not have', () => {
    expect(
      arrowProblems(readArrowTable(table), [
        pkg('core', { uses: ['provider-x'], thirdParty: ['lodash'] }),
        ...good.slice(1),
      ]),
    ).toEqual([
      'core uses provider-x, which the table does not allow',
      'core installs lodash, which the table does not allow',
    ]);
  });
  it('refuses rows and packages that have no counterpart', () => {
    expect(arrowProblems(readArrowTable(table), [pkg('core'), pkg('other')])).toEqual([
      'other is not in the arrow table',
      'provider-x is in the arrow table and nowhere else',
    ]);
  });
  it('lets tests use simulated carriers from any layer, and nothing else from above', () => {
    const withTests = [pkg('core', { testUses: ['carrier-sim', 'provider-x'] }), ...good.slice(1)];
    expect(arrowProblems(readArrowTable(table), withTests)).toEqual([
      'the tests of core use provider-x, which is no lower layer',
    ]);
  });
});
