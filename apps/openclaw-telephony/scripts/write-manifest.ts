import { readFile, writeFile } from 'node:fs/promises';
import { manifest, packageMetadata } from '../src/manifest.ts';

// Writes what the host reads before it loads the plugin, from the schemas of the libraries. A test keeps them in step.

const folder = new URL('../', import.meta.url);
const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

await writeFile(new URL('openclaw.plugin.json', folder), json(manifest()));
const file = new URL('package.json', folder);
const current: object = JSON.parse(await readFile(file, 'utf8'));
await writeFile(file, json({ ...current, openclaw: packageMetadata() }));
