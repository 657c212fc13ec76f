import { describe, expect, it } from 'vitest';
import { codeBlocks, linksThatLeave, missingInstalls, relativeLinks } from './readme.ts';

const block = (code: string, language = 'ts'): string => `\n\`\`\`${language}\n${code}\n\`\`\`\n`;

describe('the install lines of a README', () => {
  it('must name every package that its code imports, by whatever subpath', () => {
    const page = block(
      `import { a } from '@x/store/sqlite';\nimport 'plain/sub';\nconst b = await import("late");`,
    );
    expect(missingInstalls(`    npm install @x/server\n${page}`)).toEqual([
      '@x/store',
      'plain',
      'late',
    ]);
    expect(
      missingInstalls(`\`npm install @x/store@2 late\`, then\n    npm install -D plain\n${page}`),
    ).toEqual([]);
  });
  it('must name a package that is imported in several lines of names, or for its types alone', () => {
    expect(
      missingInstalls(block(`import {\n  a,\n} from 'long';\nimport type { B } from 'types';`)),
    ).toEqual(['long', 'types']);
  });
  it('need not name the package itself, what Node brings, and files beside the code', () => {
    expect(
      missingInstalls(
        block(`import 'node:fs';\nimport './route.ts';\nimport { a } from '@x/own/sub';`),
        '@x/own',
      ),
    ).toEqual([]);
  });
  it('do not stand in a comment behind the command', () => {
    expect(missingInstalls(`    npm install a # and b${block(`import 'b';`)}`)).toEqual(['b']);
  });
  it('are not asked for by output, settings and commands', () => {
    expect(missingInstalls(block(`import 'x';`, 'text'))).toEqual([]);
  });
});

describe('the links of a README', () => {
  it('may not leave its package', () => {
    const page =
      '[up](../store/README.md#limits), [round](a/../../b.md), [root](/LICENSE), [in](dist/docs/a.md), [here](#api)';
    expect(linksThatLeave(page)).toEqual(['../store/README.md', 'a/../../b.md', '/LICENSE']);
    expect(relativeLinks(page)).toContain('dist/docs/a.md');
  });
  it('are neither those to the web nor what stands in code', () => {
    expect(
      relativeLinks(`[web](https://example.com/..), \`[label](../url)\`${block('[a](../b)')}`),
    ).toEqual([]);
  });
});

describe('the code blocks of a page', () => {
  it('are taken in their order, by language', () => {
    const page = block('1') + block('2', 'sh') + block('3', 'typescript');
    expect(codeBlocks(page, ['ts', 'typescript'])).toEqual(['1\n', '3\n']);
  });
});
