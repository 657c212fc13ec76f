import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createProvider, parseAccounts, parseConfig } from '@openclaw/telephony-config';
import { describe, expect, it } from 'vitest';
import { manifest } from '../src/manifest.ts';
import { isRecord, recordIn } from '../src/record.ts';
import { setupFields } from '../src/setup-fields.data.ts';

// The guides promise words and settings. Whoever changes one of them here is told which page says the old ones.

const root = fileURLToPath(new URL('../../../', import.meta.url));
const pages = [
  ...globSync('docs/openclaw/*.md', { cwd: root }),
  'apps/openclaw-telephony/README.md',
].map((file) => ({ name: basename(file), file, text: readFileSync(join(root, file), 'utf8') }));

/** Everything that the packages can print, with a mark where something is put in. */
const printed = globSync(['packages/*/src/**/*.ts', 'apps/openclaw-telephony/src/**/*.ts'], {
  cwd: root,
  exclude: (file) => /\.test\.ts$|\.testing\.ts$/u.test(file),
})
  .map((file) => readFileSync(join(root, file), 'utf8'))
  .join('\n')
  .replaceAll(/['`]\s*\+\s*['`]/gu, '')
  .replaceAll(String.raw`\'`, "'")
  .replaceAll('\\`', '`')
  .concat(whatIsMissing());

/** What each carrier's provider says when a credential is missing: it is put together of parts. */
function whatIsMissing(): string {
  const given = [
    { provider: 'twilio' },
    { provider: 'twilio', twilio: { accountSid: `AC${'0'.repeat(32)}` } },
    { provider: 'telnyx' },
    { provider: 'telnyx', telnyx: { apiKey: 'key' } },
    { provider: 'plivo' },
    { provider: 'plivo', plivo: { authId: 'MAXXXXXXXXXXXXXXXXXX' } },
    { provider: 'mock' },
  ];
  return given.map(problemOf).join('\n');
}

function problemOf(settings: object): string {
  try {
    createProvider(parseConfig({ fromNumber: '+15550100100', ...settings }));
    return '';
  } catch (error) {
    return String(error);
  }
}

/** What stands in the first column of tables about what is printed, and log lines in blocks. */
function quotedIn(text: string): string[] {
  const quoted: string[] = [];
  let isAboutPrinted = false;
  for (const line of text.replaceAll(/^```[\s\S]*?^```/gmu, '').split('\n')) {
    if (!line.startsWith('|')) isAboutPrinted = false;
    if (/^ {4}telephony[[:]/u.test(line)) quoted.push(line.trim());
    const [, first = '', second = ''] = line.split(/(?<!\\)\|/u);
    if (first.startsWith(' what is printed')) isAboutPrinted = true;
    if (!isAboutPrinted || second.startsWith(" OpenClaw's own words")) continue;
    quoted.push(...Array.from(first.matchAll(/`([^`]+)`/gu), ([, words = '']) => words));
  }
  return quoted;
}

/** The parts of a quotation that are always the same. */
const partsOf = (quotation: string): string[] =>
  quotation
    .replace(/^telephony(?:\[default\])?:? /u, '')
    .split(/"?…"?| \w+=\S*|\b(?:twilio|telnyx|plivo|mock)\b(?!\.)|\b\d+\S+|\S*\/\S*/u)
    .map((part) => part.trim())
    .filter((part) => part.length > 2);

const isPrinted = (part: string): boolean =>
  printed.includes(part) || part.split(/[:;] /u).every((piece) => printed.includes(piece.trim()));

describe('the guides', () => {
  it('quote nothing that the plugin does not print', () => {
    const wrong = pages.flatMap(({ name, text }) =>
      quotedIn(text).flatMap((quotation) =>
        partsOf(quotation)
          .filter((part) => !isPrinted(part))
          .map((part) => `${name}: ${quotation}\n    nothing prints: ${part}`),
      ),
    );
    expect(wrong).toEqual([]);
    expect(pages.flatMap(({ text }) => quotedIn(text)).length).toBeGreaterThan(60);
  });

  it('explain the error numbers of carriers as the plugin does', () => {
    const rows = pages.flatMap(({ name, text }) => [
      ...Array.from(text.matchAll(/error (\d+):? ?`?: ?`?([^`|]+)`/gu), (row) => ({ name, row })),
      ...Array.from(
        text.matchAll(/\| (?:Twilio|Telnyx|Plivo) +\| (\d+) +\| `([^`]+)`/gu),
        (row) => ({
          name,
          row,
        }),
      ),
    ]);
    const wrong = rows.flatMap(({ name, row: [whole, number = '', meaning = ''] }) => {
      const known = new RegExp(`\\[\\s*${number},[^\\]]*'${escaped(meaning)}'`, 'u').test(printed);
      return known ? [] : [`${name}: ${whole}`];
    });
    expect(wrong).toEqual([]);
    expect(rows.length).toBeGreaterThan(20);
  });

  it('name no setting that does not exist', () => {
    const known = settingsOf(recordIn(recordIn(manifest(), 'channelConfigs'), 'telephony'));
    const sections = new Set([...known].map((path) => path.split('.')[0] ?? ''));
    const wrong = pages.flatMap(({ name, text }) =>
      Array.from(text.matchAll(/`(?:channels\.telephony\.)?([a-zA-Z]+(?:\.[a-zA-Z]+)+)(?:[:`])/gu))
        .map(([, path = '']) => path)
        .filter((path) => sections.has(path.split('.')[0] ?? '') && !known.has(path))
        .map((path) => `${name}: ${path}`),
    );
    expect(wrong).toEqual([]);
  });

  it('show configurations that are accepted', () => {
    const shown = pages.flatMap(({ name, text }) =>
      Array.from(text.matchAll(/^```json5\n([\s\S]*?)^```/gmu), ([, block = '']) => ({
        name,
        block,
      })),
    );
    for (const { name, block } of shown) {
      const section = recordIn(recordIn(asJson(block), 'channels'), 'telephony');
      const { mode: _host, ...serve } = recordIn(section, 'serve');
      const whole = { provider: 'mock', fromNumber: '+15550100100', ...section, serve };
      expect(() => parseAccounts(withoutReferences(whole)), `${name}:\n${block}`).not.toThrow();
    }
    expect(shown.length).toBeGreaterThan(5);
  });

  it('give only flags that `channels add` has', () => {
    const known = new Set(Object.values(setupFields).map(({ cli }) => cli.flags.split(' ')[0]));
    const wrong = pages.flatMap(({ name, text }) =>
      Array.from(text.matchAll(/openclaw channels add (?:[^\n]*\\\n)*[^\n`]*/gu)).flatMap(
        ([command]) =>
          Array.from(command.matchAll(/--[a-z-]+/gu), ([flag]) => flag)
            .filter((flag) => flag !== '--channel' && !known.has(flag))
            .map((flag) => `${name}: ${flag}`),
      ),
    );
    expect(wrong).toEqual([]);
  });

  it('lead to pages that exist', () => {
    const wrong = pages.flatMap(({ file, name, text }) =>
      Array.from(text.matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/gu))
        .map(([, target = '']) => target)
        .filter((target) => globSync(join(file, '..', target), { cwd: root }).length === 0)
        .map((target) => `${name}: ${target}`),
    );
    expect(wrong).toEqual([]);
  });
});

const escaped = (words: string): string => words.trim().replaceAll(/[.*+?^${}()|[\]\\/]/gu, '\\$&');

/** The path of every setting in the schema of the manifest. */
function settingsOf(channel: object): ReadonlySet<string> {
  const paths = new Set<string>();
  const visit = (schema: unknown, above: string): void => {
    if (!isRecord(schema)) return;
    for (const [key, inner] of Object.entries(recordIn(schema, 'properties'))) {
      paths.add(`${above}${key}`);
      visit(inner, `${above}${key}.`);
    }
  };
  visit(Reflect.get(channel, 'schema'), '');
  return paths;
}

/** Our own blocks are simple: names without quotes, single quotes, comments, commas at the end. */
function asJson(block: string): { readonly [key: string]: unknown } {
  const strict = block
    .replaceAll(/(?<!:)\/\/.*$/gmu, '')
    .replaceAll(/'([^']*)'/gu, '"$1"')
    .replaceAll(/([{,]\s*)([a-zA-Z]\w*):/gu, '$1"$2":')
    .replaceAll(/,(\s*[}\]])/gu, '$1');
  const value: unknown = JSON.parse(strict);
  return isRecord(value) ? value : {};
}

/** A reference to a secret is the host's: a text stands there when our libraries see it. */
function withoutReferences(value: unknown): unknown {
  if (!isRecord(value)) return value;
  if ('source' in value && 'provider' in value && 'id' in value) return 'a secret';
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, withoutReferences(inner)]),
  );
}
