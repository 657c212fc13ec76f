// Holds every page to what it says: its TypeScript type-checks, its install lines bring what its code imports, its links lead
// somewhere, also once it is in a package.
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { codeBlocks, linksThatLeave, missingInstalls, relativeLinks } from './readme.ts';

const root = join(import.meta.dirname, '..');
const folderName = 'readme-blocks';
const pages = globSync(['README.md', '{packages,apps}/*/README.md', 'docs/**/*.md'], {
  cwd: root,
  exclude: (name) => name.includes('node_modules'),
});

const clean = (): void => {
  for (const folder of globSync(`{.,packages/*,apps/*,docs}/${folderName}`, { cwd: root })) {
    rmSync(join(root, folder), { recursive: true, force: true });
  }
};

function nameIn(folder: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  if (typeof manifest === 'object' && manifest !== null && 'name' in manifest) {
    return String(manifest.name);
  }
  throw new Error(`${folder}/package.json has no name`);
}

function problemsOf(page: string, text: string, packageFolder: string | undefined): string[] {
  const own = packageFolder === undefined ? undefined : nameIn(packageFolder);
  return [
    ...(page.endsWith('README.md') ? missingInstalls(text, own) : []).map(
      (name) => `its code imports ${name}, and no "npm install" on the page names it`,
    ),
    ...(packageFolder === undefined ? [] : linksThatLeave(text)).map(
      (link) => `${link} leaves the package, and leads nowhere once it is published`,
    ),
    ...relativeLinks(text)
      .filter((link) => !existsSync(join(root, dirname(page), link)))
      .map((link) => `${link} leads to nothing`),
  ].map((problem) => `${page}: ${problem}`);
}

clean();
let count = 0;
const problems: string[] = [];
for (const page of pages) {
  const text = readFileSync(join(root, page), 'utf8');
  const packageFolder = /^(?:packages|apps)\/[^/]+/u.exec(page)?.[0];
  problems.push(...problemsOf(page, text, packageFolder));
  // A package's own blocks stand inside it, where they see its dependencies.
  const folder = join(root, packageFolder ?? dirname(page).split('/')[0] ?? '.', folderName);
  for (const [index, code] of codeBlocks(text, ['ts', 'typescript']).entries()) {
    mkdirSync(folder, { recursive: true });
    const name = `${page.replaceAll('/', '_').replace(/\.md$/u, '')}-${index + 1}.ts`;
    writeFileSync(join(folder, name), `${code}\nexport {};\n`);
    count += 1;
  }
}
try {
  execFileSync('tsc', ['--project', 'tsconfig.readme.json'], { cwd: root, stdio: 'inherit' });
  clean();
} catch {
  problems.push(`the blocks that do not type-check are in ${folderName} beside their README`);
}
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else
  console.log(
    `${count} blocks of ${pages.length} pages type-check, and what they import is installed`,
  );
