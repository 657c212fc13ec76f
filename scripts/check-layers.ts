// Compares what the packages really use with the arrow table in ARCHITECTURE.md, and fails on an arrow that points up.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { arrowProblems, type Package, readArrowTable } from './arrow-table.ts';

const root = join(import.meta.dirname, '..');
const scope = '@openclaw/';

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
const keysOf = (value: unknown): string[] => (isRecord(value) ? Object.keys(value) : []);
const testFile = /(?:\.test|\.testing)\.ts$|\/(?:test|bench)\//u;

function readPackage(folder: string): Package {
  const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (!isRecord(manifest)) throw new Error(`${folder}/package.json holds no object`);
  const imports = new Set<string>();
  const testImports = new Set<string>();
  for (const file of globSync('{src,test,bench}/**/*.ts', { cwd: folder })) {
    const source = readFileSync(join(folder, file), 'utf8');
    for (const match of source.matchAll(/(?:from|import)\s*\(?\s*'@openclaw\/([a-z-]+)/gu)) {
      (testFile.test(`/${file}`) ? testImports : imports).add(match[1] ?? '');
    }
  }
  const dependencies = keysOf(manifest['dependencies']);
  const name = String(manifest['name']).replace(scope, '');
  const ours = (names: string[]): string[] =>
    names.filter((dependency) => dependency.startsWith(scope)).map((d) => d.slice(scope.length));
  imports.delete(name);
  testImports.delete(name);
  return {
    name,
    uses: [...new Set([...ours(dependencies), ...imports])],
    testUses: [...new Set([...ours(keysOf(manifest['devDependencies'])), ...testImports])],
    thirdParty: dependencies.filter((dependency) => !dependency.startsWith(scope)),
  };
}

const packages = globSync('{packages,apps}/*', { cwd: root })
  .map((folder) => join(root, folder))
  .filter((folder) => existsSync(join(folder, 'package.json')))
  .map(readPackage);
const problems = arrowProblems(
  readArrowTable(readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')),
  packages,
);
for (const problem of problems) console.error(problem);
if (problems.length === 0) console.log(`${packages.length} packages, every arrow points down`);
process.exitCode = problems.length === 0 ? 0 : 1;
