// Compares what the packages really use with the arrow table in ARCHITECTURE.md, and fails on an arrow that points up.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { arrowProblems, type Package, readArrowTable } from './arrow-table.ts';

const root = join(import.meta.dirname, '..');
const scope = '@openclaw/';

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
const keysOf = (value: unknown): string[] => (isRecord(value) ? Object.keys(value) : []);
// What is published under our scope by others is third-party like anything else.
const workspace: ReadonlySet<string> = new Set(
  globSync('{packages,apps}/*/package.json', { cwd: root }).map((file) => nameIn(join(root, file))),
);
const testFile = /(?:\.test|\.testing)\.ts$|\/(?:test|bench)\//u;

function nameIn(file: string): string {
  const manifest: unknown = JSON.parse(readFileSync(file, 'utf8'));
  return isRecord(manifest) ? String(manifest['name']).replace(scope, '') : '';
}

function readPackage(folder: string): Package {
  const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (!isRecord(manifest)) throw new Error(`${folder}/package.json holds no object`);
  const imports = new Set<string>();
  const testImports = new Set<string>();
  for (const file of globSync('{src,test,bench}/**/*.ts', { cwd: folder })) {
    const source = readFileSync(join(folder, file), 'utf8');
    for (const match of source.matchAll(/(?:from|import)\s*\(?\s*'@openclaw\/([a-z-]+)/gu)) {
      const imported = match[1] ?? '';
      if (!workspace.has(imported)) continue;
      (testFile.test(`/${file}`) ? testImports : imports).add(imported);
    }
  }
  const dependencies = keysOf(manifest['dependencies']);
  const name = String(manifest['name']).replace(scope, '');
  const ours = (names: string[]): string[] =>
    names.filter(isOurs).map((d) => d.slice(scope.length));
  imports.delete(name);
  testImports.delete(name);
  return {
    name,
    uses: [...new Set([...ours(dependencies), ...imports])],
    testUses: [...new Set([...ours(keysOf(manifest['devDependencies'])), ...testImports])],
    thirdParty: dependencies.filter((dependency) => !isOurs(dependency)),
  };
}

function isOurs(dependency: string): boolean {
  return dependency.startsWith(scope) && workspace.has(dependency.slice(scope.length));
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
