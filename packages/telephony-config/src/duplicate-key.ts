import JSON5 from 'json5';

/** A key that stands twice in one object. */
export interface DuplicateKey {
  readonly key: string;
  /** Of the second one, from 1 up. */
  readonly line: number;
}

/** Comments, texts, marks, and everything else between blanks. */
const token =
  /\/\/.*|\/\*[^]*?\*\/|"(?:\\[^]|[^"\\])*"|'(?:\\[^]|[^'\\])*'|[{}[\]:,]|[^\s{}[\]:,"'/]+/gu;

/**
 * Finds the first key that stands twice in one object: a parser keeps the second one, and nobody hears of the first.
 *
 * @param text JSON5 that has been parsed: what is no JSON5 is not understood
 */
export function findDuplicateKey(text: string): DuplicateKey | undefined {
  const open: Set<string>[] = [];
  let before = '';
  for (const { 0: word, index } of text.matchAll(token)) {
    if (word.startsWith('//') || word.startsWith('/*')) continue;
    if (word === '{' || word === '[') open.push(new Set());
    else if (word === '}' || word === ']') open.pop();
    else if (word === ':') {
      const [key = ''] = Object.keys(JSON5.parse<object>(`{${before}:0}`));
      const keys = open.at(-1);
      if (keys?.has(key) === true) return { key, line: text.slice(0, index).split('\n').length };
      keys?.add(key);
    }
    before = word;
  }
  return undefined;
}
