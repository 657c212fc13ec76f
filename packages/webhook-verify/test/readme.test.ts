import { readFileSync, readdirSync } from 'node:fs';
import { expect, it } from 'vitest';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const examples = new URL('examples/', import.meta.url);

it('has the headings every package has', () => {
  expect(readme.match(/^## .*$/gmu)).toEqual([
    '## What it is',
    '## Install',
    '## Ten-line example',
    '## API',
    '## Limits and surprises',
    '## Runtimes',
    '## Licence',
  ]);
});

it.each(readdirSync(examples))('shows the example that is tested: %s', (file) => {
  expect(readme).toContain(readFileSync(new URL(file, examples), 'utf8'));
});
