import { flattenInline } from './flatten-inline.ts';

/**
 * Markdown as a telephone can show it: the words, without the marks.
 *
 * Bold, italics, headings, quotes and code lose their marks; a link becomes `label (url)`, or the URL alone when that is
 * its label; a picture becomes its description and URL; a table one line for each row; lists stay lists with `-`. Code and
 * bare URLs stay as they are, and so do `snake_case` and `2*3*4`. What is no markdown comes back unchanged, except that
 * spaces at the ends of lines go. Takes time in proportion to the length.
 *
 * @example
 * flattenMarkdown('# Hi\n**Read** [this](https://example.com).'); // 'Hi\nRead this (https://example.com).'
 */
export function flattenMarkdown(markdown: string): string {
  const lines = markdown.replaceAll(/\r\n?/gu, '\n').split('\n');
  const flat: string[] = [];
  let paragraph: string[] = [];
  const endParagraph = (): void => {
    if (paragraph.length > 0) flat.push(flattenInline(paragraph.join('\n')));
    paragraph = [];
  };
  let fence: string | undefined;
  let inTable = false;

  for (const [index, line] of lines.entries()) {
    if (fence !== undefined) {
      if (closesFence(line, fence)) fence = undefined;
      else flat.push(line);
      continue;
    }
    const content = withoutQuote(line).trimEnd();
    fence = fenceOf(content);
    inTable = content.includes('|') && (inTable || isTableRule(lines[index + 1]));
    const heading = headingOf(content);
    if (fence !== undefined) endParagraph();
    else if (inTable) {
      endParagraph();
      if (!isTableRule(content)) flat.push(flattenRow(content));
    } else if (heading !== undefined) {
      endParagraph();
      flat.push(flattenInline(heading));
    } else if (isUnderline(content) && paragraph.length > 0) endParagraph();
    else if (content === '' || isRule(content)) {
      endParagraph();
      flat.push('');
    } else {
      const item = bulletOf(content);
      if (item !== undefined || isNumbered(content)) endParagraph();
      paragraph.push(item ?? content);
    }
  }
  endParagraph();
  return flat.join('\n');
}

const withoutQuote = (line: string): string =>
  /^ {0,3}(?:>+(?: |$))+(.*)$/su.exec(line)?.[1] ?? line;

const fenceOf = (line: string): string | undefined =>
  /^ *(```+)[^`]*$/u.exec(line)?.[1] ?? /^ *(~~~+)/u.exec(line)?.[1];
function closesFence(line: string, fence: string): boolean {
  const marks = withoutQuote(line).trim();
  return marks.length >= fence.length && marks === (fence[0] ?? '').repeat(marks.length);
}

/** The text of a heading: `#5 is alive` and `#tag` are none. */
function headingOf(line: string): string | undefined {
  const text = /^ {0,3}#{1,6}[ \t]+(.*)$/u.exec(line)?.[1];
  return text === undefined ? undefined : withoutTrailingMarks(text);
}
/** By hand: an expression that looks for marks at the end of a line of marks takes quadratic time. */
function withoutTrailingMarks(text: string): string {
  let end = text.length;
  while (text[end - 1] === '#') end -= 1;
  if (end === 0) return '';
  return text[end - 1] === ' ' ? text.slice(0, end).trimEnd() : text;
}

const isUnderline = (line: string): boolean => /^ {0,3}(?:={2,}|-{2,})$/u.test(line);
function isRule(line: string): boolean {
  const marks = line.replaceAll(/[ \t]/gu, '');
  const [mark = ''] = marks;
  return '-*_'.includes(mark) && marks.length >= 3 && marks === mark.repeat(marks.length);
}

/** A list item; a star becomes the dash that everybody reads as one. A plus may be meant as a plus. */
function bulletOf(line: string): string | undefined {
  const [, indent = '', mark, rest] = /^([ \t]*)([-*+])([ \t].*)$/su.exec(line) ?? [];
  return rest === undefined ? undefined : `${indent}${mark === '*' ? '-' : mark}${rest}`;
}
const isNumbered = (line: string): boolean => /^[ \t]*\d{1,9}[.)][ \t]/u.test(line);

const isTableRule = (line: string | undefined): boolean =>
  line !== undefined &&
  line.includes('|') &&
  withoutQuote(line)
    .split('|')
    .every((cell, index, cells) => {
      const isEdge = index === 0 || index === cells.length - 1;
      return /^[ \t]*:?-+:?[ \t]*$/u.test(cell) || (isEdge && cell.trim() === '');
    });

function flattenRow(row: string): string {
  const cells = row
    .trim()
    .split(/(?<!\\)\|/u)
    .map((cell) => flattenInline(cell.trim()));
  if (cells[0] === '') cells.shift();
  if (cells.at(-1) === '') cells.pop();
  return cells.join(' | ');
}
