import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';

/** Writes a program that runs a `.testing.ts` file of ours, as JavaScript: that starts twice as fast. */
export function writeProgram(
  folder: string,
  name: string,
  file: string,
  { args = [], before = '' }: { readonly args?: readonly string[]; readonly before?: string } = {},
): void {
  const script = join(folder, `${name}.mjs`);
  const source = readFileSync(new URL(file, import.meta.url), 'utf8');
  writeFileSync(script, stripTypeScriptTypes(source));
  const command = [process.execPath, script, ...args].map((part) => `'${part}'`).join(' ');
  writeFileSync(join(folder, name), `#!/bin/sh\n${before}\nexec ${command} "$@"\n`);
  chmodSync(join(folder, name), 0o755);
}
