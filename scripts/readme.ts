import { posix } from 'node:path';

const fence = /^```(\w*)\n([\s\S]*?)^```$/gmu;

/** The code blocks of a page in one of `languages`, in their order. */
export function codeBlocks(markdown: string, languages: readonly string[]): string[] {
  return [...markdown.matchAll(fence)]
    .filter(([, language = '']) => languages.includes(language))
    .map(([, , code = '']) => code);
}

/** The name of the package that a specifier of an import begins with. */
const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/**
 * Packages that the code blocks of a page import, and that no `npm install …` of the same page installs: whoever follows it
 * from the top meets `ERR_MODULE_NOT_FOUND`. The package `own`, what Node brings and files beside the code need no line.
 */
export function missingInstalls(markdown: string, own?: string): string[] {
  const installed = new Set(
    [...markdown.matchAll(/\bnpm install ([^\n`#]+)/gu)].flatMap(([, words = '']) =>
      words.split(/\s+/u).map((word) => word.replace(/(?<=.)@.*$/u, '')),
    ),
  );
  const imported = codeBlocks(markdown, ['ts', 'typescript', 'tsx', 'js', 'mjs']).flatMap((code) =>
    [...code.matchAll(/\b(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/gu)].map(
      ([, specifier = '']) => specifier,
    ),
  );
  return [...new Set(imported.filter((specifier) => !/^(?:node:|\.)/u.test(specifier)))]
    .map(packageOf)
    .filter((name, index, names) => names.indexOf(name) === index)
    .filter((name) => name !== own && !installed.has(name));
}

/** Relative links of a page, without their anchors; what stands in code is none. */
export function relativeLinks(markdown: string): string[] {
  const prose = markdown.replace(fence, '').replace(/`[^`\n]*`/gu, 'code');
  return [...prose.matchAll(/\]\(([^)\s#]+)[^)]*\)/gu)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/iu.test(target));
}

/** Relative links that leave the folder of the page: they lead nowhere once it is in a package. */
export function linksThatLeave(markdown: string): string[] {
  return relativeLinks(markdown).filter((link) =>
    /^(?:\.\.(?:\/|$)|\/)/u.test(posix.normalize(link)),
  );
}
