import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flattenMarkdown } from './flatten-markdown.ts';

const letters = (of: string): string => of.replaceAll(/[^a-z0-9]/gu, '');

describe('markdown as plain text', () => {
  it.each([
    ['bold', '**bold** and __bold__', 'bold and bold'],
    ['italics', '*one* and _two_, ***both***', 'one and two, both'],
    ['nested emphasis', '**bold with *italics* inside**', 'bold with italics inside'],
    ['emphasis over two lines', '**one\ntwo**', 'one\ntwo'],
    ['emphasis before punctuation', '**Note**: (*see below*).', 'Note: (see below).'],
    [
      'emphasis where words have no spaces',
      '这是**重点**内容, **중요**합니다',
      '这是重点内容, 중요합니다',
    ],
    ['headings', '# One\n### Two ###\n\nThree\n=====\nFour\n---', 'One\nTwo\n\nThree\nFour'],
    ['lists', '* one\n  - two\n+ 3 eggs\n1. four', '- one\n  - two\n+ 3 eggs\n1. four'],
    ['task lists', '- [ ] to do\n- [x] done', '- [ ] to do\n- [x] done'],
    ['inline code', 'run `npm *test*` and ``a`b``', 'run npm *test* and a`b'],
    [
      'code blocks',
      'so:\n```ts\nconst a_b = 2 * 3;\n\n# no heading\n```\ndone',
      'so:\nconst a_b = 2 * 3;\n\n# no heading\ndone',
    ],
    ['a code block without an end', '~~~\n**as it is**', '**as it is**'],
    ['quotes', '> one\n>> two\n> > **three**', 'one\ntwo\nthree'],
    ['rules', 'a\n\n---\n\n* * *\nb', 'a\n\n\n\n\nb'],
    [
      'tables',
      '| Name | Price |\n|:-----|------:|\n| *Tea* | 2 |\n| a\\|b | 3 |\nend',
      'Name | Price\nTea | 2\na|b | 3\nend',
    ],
    ['links', '[the menu](https://example.com/menu).', 'the menu (https://example.com/menu).'],
    ['links with a title', '[a](https://b.example "c d")', 'a (https://b.example "c d")'],
    [
      'links with formatting',
      '[**the** `menu`](<https://example.com/a b>)',
      'the menu (https://example.com/a b)',
    ],
    [
      'links with parentheses',
      '[a](https://example.com/b_(c)_d)',
      'a (https://example.com/b_(c)_d)',
    ],
    ['links in emphasis', '**[a](https://b.example)**', 'a (https://b.example)'],
    [
      'links whose label is the URL',
      '[https://example.com/](https://example.com)',
      'https://example.com',
    ],
    [
      'links whose label is the host',
      '[example.com](https://example.com/)',
      'https://example.com/',
    ],
    ['links without a label', '[](https://example.com)', 'https://example.com'],
    ['mail links', '[ada@example.com](mailto:ada@example.com)', 'ada@example.com'],
    [
      'autolinks',
      '<https://example.com/a_b> <ada@example.com>',
      'https://example.com/a_b ada@example.com',
    ],
    ['pictures', '![a cat](https://example.com/c.jpg)', 'a cat (https://example.com/c.jpg)'],
    [
      'pictures in links',
      '[![a](https://b.example/c)](https://d.example)',
      'a (https://b.example/c) (https://d.example)',
    ],
    ['escapes', '\\*not bold\\* 1\\. \\# \\[x\\](y)', '*not bold* 1. # [x](y)'],
    ['line breaks', 'one  \ntwo\\\nthree', 'one\ntwo\nthree'],
    ['carriage returns', 'one\r\n\r\n# two', 'one\n\ntwo'],
  ])('flattens %s', (_what, markdown, flat) => {
    expect(flattenMarkdown(markdown)).toBe(flat);
  });

  it.each([
    'snake_case_name and 2*3*4 = 24',
    'a * b * c, 5 * 3 and 2 ** 8 and 2**3**4',
    '*args, **kwargs',
    '#5 is alive, #tag',
    'https://example.com/a_b_c/*x*?y=_z_',
    'see https://example.com/_a_*b*_ and https://en.wikipedia.org/wiki/A_(b).',
    '[1] and [not a link] (really) and a[0](1 + 2',
    'a | b\nc | d',
    '~5 to ~10, ~~or so~~',
    'if a < b and b > c: #include <std::vector>',
    '>:( and ¯\\(ツ)/¯'.replace('\\(', '('),
    'one ` backtick and _half',
    '3. place\n- minus',
    'C:\\Users\\ada',
    '+ 5 EUR',
    '',
    '\n\n',
  ])('leaves %j alone', (text) => {
    expect(flattenMarkdown(text)).toBe(text);
  });

  it('takes only the marks of emphasis around a URL, never a part of it', () => {
    expect(flattenMarkdown('**https://example.com/a_b_** and _https://example.com/*c_')).toBe(
      'https://example.com/a_b_ and https://example.com/*c',
    );
  });

  const word = fc.stringMatching(/^[a-z0-9]{1,6}(?:[_*][a-z0-9]{1,4}){0,3}$/u);
  const url = fc.stringMatching(/^https:\/\/[a-z]{1,8}\.example\/[\w*~()=&?%./-]{0,20}$/u);

  it('changes nothing in words, numbers and bare URLs', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(word, url), { maxLength: 12 }), (words) => {
        const text = ['so', ...words].join(' ');
        expect(flattenMarkdown(text)).toBe(text);
      }),
    );
  });
  it('loses no letter and no digit, whatever the marks around them', () => {
    const marks = fc.constantFrom(...Array.from('*_#>|-+=.!~<\\\n\n ()[]'), '](');
    fc.assert(
      fc.property(fc.array(fc.oneof(marks, fc.stringMatching(/^[a-z0-9]{1,3}$/u))), (parts) => {
        // Twice the same word is told once: the label of a link that is its URL.
        const text = parts
          .map((part, at) => (/^\w/u.test(part) ? part + String(at) : part))
          .join('');
        expect(letters(flattenMarkdown(text.replaceAll('~~~', '~~')))).toBe(letters(text));
      }),
      { numRuns: 500 },
    );
  });
  it.each([
    '*a ',
    '**',
    '_a*',
    '[',
    '](',
    '[a](',
    '![',
    '`',
    '`a``',
    '<',
    '\\',
    '> ',
    '|',
    '# ',
    '[](a "',
    'https://',
    '((',
  ])('takes 100,000 times %j in its stride', (unit) => {
    const text = unit.repeat(100_000);
    expect(flattenMarkdown(text).length).toBeLessThanOrEqual(text.length);
    expect(flattenMarkdown(`${'['.repeat(50_000)}${unit.repeat(50_000)}`)).toBeTypeOf('string');
  });
});
