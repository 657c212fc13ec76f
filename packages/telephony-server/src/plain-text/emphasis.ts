/** A run of `*` or `_` that may begin or end an emphasis. */
export interface DelimiterRun {
  readonly char: string;
  readonly length: number;
  /** Which piece of the output holds it. */
  readonly piece: number;
  readonly canOpen: boolean;
  readonly canClose: boolean;
}

/** Letters of scripts that write words, or their endings, without a space: there, a mark between two is a mark. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u;
const letter = /[\p{L}\p{N}\p{M}_]/u;
const isWord = (char: string): boolean => letter.test(char) && !unspaced.test(char);
const isSpace = (char: string): boolean => char === '' || /\s/u.test(char);

/** Reads the run at a place. A run between two letters is part of the word, as in `snake_case` and `2*3*4`. */
export function readRun(text: string, at: number, piece: number): DelimiterRun {
  const char = text[at] ?? '';
  let end = at + 1;
  while (text[end] === char) end += 1;
  const before = charBefore(text, at);
  const after = charAt(text, end);
  return {
    char,
    length: end - at,
    piece,
    canOpen: !isSpace(after) && !isWord(before),
    canClose: !isSpace(before) && !isWord(after),
  };
}

const charAt = (text: string, at: number): string => {
  const point = text.codePointAt(at);
  return point === undefined ? '' : String.fromCodePoint(point);
};
const charBefore = (text: string, at: number): string =>
  charAt(text, at - (/[\udc00-\udfff]/.test(text[at - 1] ?? '') ? 2 : 1));

interface OpenRun {
  readonly run: DelimiterRun;
  left: number;
}

/** Takes the marks that pair out of the pieces; those that find no partner stay. Each run is looked at once. */
export function pairDelimiters(pieces: string[], runs: readonly DelimiterRun[]): void {
  const open: OpenRun[] = [];
  const openCount = new Map<string, number>();
  const count = (char: string, by: number): void => {
    openCount.set(char, (openCount.get(char) ?? 0) + by);
  };
  for (const run of runs) {
    let left = run.length;
    while (run.canClose && left > 0 && (openCount.get(run.char) ?? 0) > 0) {
      const top = open.at(-1);
      if (top === undefined) break;
      // An emphasis that another one closes around has no end of its own.
      const used = top.run.char === run.char ? Math.min(top.left, left) : 0;
      top.left -= used;
      left -= used;
      if (used > 0) pieces[top.run.piece] = top.run.char.repeat(top.left);
      if (used === 0 || top.left === 0) {
        open.pop();
        count(top.run.char, -1);
      }
    }
    if (left < run.length) pieces[run.piece] = run.char.repeat(left);
    if (run.canOpen && left > 0) {
      open.push({ run, left });
      count(run.char, 1);
    }
  }
}
