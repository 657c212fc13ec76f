import { type DelimiterRun, pairDelimiters, readRun } from './emphasis.ts';
import { joinLink, readDestination } from './link.ts';

/** A place in the output where a link or a picture may have begun. */
interface Bracket {
  readonly at: number;
  readonly isPicture: boolean;
}

const escapable = /[!-/:-@[-`{-~]/u;
const autolink = /<((?:https?:|mailto:|tel:|[\w.+-]+@)[^\s<>]*)>/iuy;
/** Up to what cannot be part of a URL in running text. */
const bareUrl = /https?:\/\/[^\s<>"`[\]]+/iuy;
/** What follows a URL more often than it ends one; the marks are looked at again, everything else is copied anyway. */
const urlTail = new Set('?!.,:;\'")*_~');

/**
 * The words of one paragraph without the marks of markdown. The pieces are collected in order; marks that may pair
 * are pieces of their own, so that nothing is looked at twice.
 */
export function flattenInline(text: string): string {
  const pieces: string[] = [];
  const runs: DelimiterRun[] = [];
  const brackets: Bracket[] = [];
  const findCodeEnd = codeEnds(text);
  let from = 0;
  let at = 0;
  let urlEnd = 0;
  /** Takes what was passed over as it is, and then `piece` instead of the text up to `next`. */
  const take = (piece: string, next: number): void => {
    if (at > from) pieces.push(text.slice(from, at));
    if (piece !== '') pieces.push(piece);
    at = next;
    from = next;
  };

  while (at < text.length) {
    const char = text[at] ?? '';
    if (char === '\\' && escapable.test(text[at + 1] ?? '')) take(text[at + 1] ?? '', at + 2);
    else if (char === '\\' && text[at + 1] === '\n') take('', at + 1);
    else if (char === '`') {
      const length = lengthOfRun(text, at);
      const end = findCodeEnd(at, length);
      if (end === undefined) at += length;
      else take(codeIn(text.slice(at + length, end)), end + length);
    } else if (char === '<') {
      const [all, inner] = matchAt(autolink, text, at);
      if (all === undefined || inner === undefined) at += 1;
      else take(inner.replace(/^(?:mailto|tel):/iu, ''), at + all.length);
    } else if (char === '*' || char === '_') {
      const run = readRun(text, at, pieces.length + (at > from ? 1 : 0));
      // A mark at the end of a URL may end an emphasis that began before it, and begins none.
      runs.push(at < urlEnd ? { ...run, canOpen: false } : run);
      take(char.repeat(run.length), at + run.length);
    } else if (char === '[' || (char === '!' && text[at + 1] === '[')) {
      const mark = char === '[' ? '[' : '![';
      take(mark, at + mark.length);
      brackets.push({ at: pieces.length - 1, isPicture: char === '!' });
    } else if (char === ']' && brackets.length > 0) {
      const bracket = brackets.pop();
      const link = text[at + 1] === '(' ? readDestination(text, at + 1) : undefined;
      if (bracket === undefined || link === undefined) {
        at += 1;
        continue;
      }
      take('', link.end);
      pairDelimiters(pieces, takeFrom(runs, bracket.at));
      const label = pieces.splice(bracket.at).slice(1).join('');
      pieces.push(joinLink(label, link));
      // There is no link within a link; only a picture may stand in one.
      brackets.splice(0, bracket.isPicture ? Math.max(0, brackets.length - 1) : brackets.length);
      if (brackets[0]?.isPicture === true) brackets.pop();
    } else if ((char === 'h' || char === 'H') && !isWordBefore(text, at)) {
      const [url] = matchAt(bareUrl, text, at);
      urlEnd = at + (url ?? '').length;
      at += url === undefined ? 1 : withoutTail(url);
    } else at += 1;
  }
  take('', at);
  pairDelimiters(pieces, runs);
  return pieces.join('');
}

const isWordBefore = (text: string, at: number): boolean => /[a-z0-9]/iu.test(text[at - 1] ?? '');

function withoutTail(url: string): number {
  let { length } = url;
  while (length > 0 && urlTail.has(url[length - 1] ?? '')) length -= 1;
  return length;
}

function matchAt(pattern: RegExp, text: string, at: number): readonly (string | undefined)[] {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? [];
}

/** The marks inside of a link pair among themselves. */
function takeFrom(runs: DelimiterRun[], piece: number): readonly DelimiterRun[] {
  let first = runs.length;
  while (first > 0 && (runs[first - 1]?.piece ?? -1) > piece) first -= 1;
  return runs.splice(first);
}

function lengthOfRun(text: string, at: number): number {
  let end = at + 1;
  while (text[end] === text[at]) end += 1;
  return end - at;
}

/** Code as it is, without the space that keeps its own backticks off the marks. */
const codeIn = (code: string): string =>
  code.startsWith(' ') && code.endsWith(' ') && code.trim() !== '' ? code.slice(1, -1) : code;

/** Finds the backticks that end a piece of code: the next run of the same length. Looks through the text once. */
function codeEnds(text: string): (at: number, length: number) => number | undefined {
  let starts: Map<number, number[]> | undefined;
  return (at, length) => {
    starts ??= backtickRuns(text);
    const ends = starts.get(length) ?? [];
    // Asked from left to right, so what lies behind is never asked for again.
    while ((ends.at(-1) ?? Infinity) <= at) ends.pop();
    return ends.at(-1);
  };
}

/** Where runs of backticks begin, by their length, the first one last. */
function backtickRuns(text: string): Map<number, number[]> {
  const starts = new Map<number, number[]>();
  for (const { 0: run, index } of text.matchAll(/`+/gu)) {
    const same = starts.get(run.length);
    if (same === undefined) starts.set(run.length, [index]);
    else same.push(index);
  }
  for (const same of starts.values()) same.reverse();
  return starts;
}
