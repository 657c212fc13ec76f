/** What stands in the parentheses of a link. */
export interface LinkTarget {
  readonly url: string;
  readonly title: string | undefined;
  /** The place behind the closing parenthesis. */
  readonly end: number;
}

/** Nobody writes a longer URL; beyond it, looking for its end would cost too much. */
const longestUrl = 4096;
const deepestParenthesis = 8;

/** Reads `(url "title")`; `undefined` when it is none. `at` is the place of the opening parenthesis. */
export function readDestination(text: string, at: number): LinkTarget | undefined {
  const start = skipSpace(text, at + 1);
  const url = text[start] === '<' ? readBracketed(text, start) : readPlain(text, start);
  if (url === undefined || url.value === '') return undefined;
  let end = skipSpace(text, url.end);
  const quote = text[end] ?? '';
  let title: string | undefined;
  if (end > url.end && (quote === '"' || quote === "'")) {
    const close = indexWithin(text, quote, end + 1);
    if (close === undefined) return undefined;
    title = text.slice(end + 1, close);
    end = skipSpace(text, close + 1);
  }
  return text[end] === ')' ? { url: url.value, title, end: end + 1 } : undefined;
}

interface Part {
  readonly value: string;
  readonly end: number;
}

function readBracketed(text: string, at: number): Part | undefined {
  const close = indexWithin(text, '>', at + 1);
  return close === undefined ? undefined : { value: text.slice(at + 1, close), end: close + 1 };
}

/** Up to a space, or to the parenthesis that was not opened inside. */
function readPlain(text: string, at: number): Part | undefined {
  let depth = 0;
  let value = '';
  for (let end = at; end < Math.min(text.length, at + longestUrl); end += 1) {
    const char = text[end] ?? '';
    if (/\s/u.test(char) || (char === ')' && depth === 0)) return { value, end };
    const escapes = char === '\\' && /[\\()_*]/u.test(text[end + 1] ?? '');
    if (escapes) end += 1;
    else if (char === '(') depth += 1;
    if (depth > deepestParenthesis) return undefined;
    if (char === ')') depth -= 1;
    value += text[end] ?? '';
  }
  return undefined;
}

function indexWithin(text: string, char: string, from: number): number | undefined {
  const index = text.slice(from, from + longestUrl).indexOf(char);
  return index === -1 ? undefined : from + index;
}

function skipSpace(text: string, at: number): number {
  let end = at;
  while (end - at < longestUrl && /[ \t\n]/u.test(text[end] ?? '')) end += 1;
  return end;
}

/** `label (url)`, or the URL alone when the label says no more than it. */
export function joinLink(label: string, { url, title }: LinkTarget): string {
  const target = url.replace(/^(?:mailto|tel):/iu, '');
  const words = label.trim();
  const more = title === undefined || title === '' ? '' : ` "${title}"`;
  if (words === '' || bare(words) === bare(target)) return target + more;
  return `${words} (${target}${more})`;
}

/** A URL without what people leave out when they write it down. */
const bare = (url: string): string =>
  url
    .replace(/^https?:\/\//iu, '')
    .replace(/\/$/u, '')
    .toLowerCase();
