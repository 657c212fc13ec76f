// Takes the TypeScript blocks out of every README and type-checks them, so that no example can go stale.
import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');
const folderName = 'readme-blocks';
const readmes = globSync(['README.md', '{packages,apps}/*/README.md', 'docs/**/*.md'], {
  cwd: root,
  exclude: (name) => name.includes('node_modules'),
});

const clean = (): void => {
  for (const folder of globSync(`{.,packages/*,apps/*,docs}/${folderName}`, { cwd: root })) {
    rmSync(join(root, folder), { recursive: true, force: true });
  }
};

clean();
let count = 0;
for (const readme of readmes) {
  const text = readFileSync(join(root, readme), 'utf8');
  // A package's own blocks stand inside it, where they see its dependencies.
  const home =
    /^(?:packages|apps)\/[^/]+/u.exec(readme)?.[0] ?? dirname(readme).split('/')[0] ?? '.';
  for (const [index, block] of [
    ...text.matchAll(/^```(?:ts|typescript)\n([\s\S]*?)^```$/gmu),
  ].entries()) {
    const folder = join(root, home, folderName);
    mkdirSync(folder, { recursive: true });
    const name = `${readme.replaceAll('/', '_').replace(/\.md$/u, '')}-${index + 1}.ts`;
    writeFileSync(join(folder, name), `${block[1] ?? ''}\nexport {};\n`);
    count += 1;
  }
}
try {
  execFileSync('tsc', ['--project', 'tsconfig.readme.json'], { cwd: root, stdio: 'inherit' });
  console.log(`${count} blocks of ${readmes.length} pages type-check`);
  clean();
} catch {
  console.error(`blocks are in ${folderName} beside their README`);
  process.exitCode = 1;
}
