import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ConfigError } from './config-error.ts';
import { filePaths } from './secret-paths.data.ts';
import { type Settings, settingAt, withSetting } from './settings-tree.ts';

/** Where secret files are looked for, and how they are spoken of. */
export interface SecretFilesOptions {
  /** Relative names are relative to this. */
  readonly folder: string;
  /** The configuration's own name, for errors. */
  readonly source: string;
  /** What stands before a setting's name in errors, as `accounts.sales.`; may be empty. */
  readonly prefix: string;
}

/**
 * Puts what the settings keep in files into its place.
 *
 * @throws {ConfigError} for each file that cannot be read, is empty, or stands beside the secret itself
 */
export async function withSecretFiles(
  settings: Settings,
  { folder, source, prefix }: SecretFilesOptions,
): Promise<Settings> {
  const problems: string[] = [];
  let filled = settings;
  for (const name of filePaths) {
    const path = name.split('.');
    const fileName = `${prefix}${name}File`;
    const file = settingAt(settings, fileOf(path));
    if (typeof file !== 'string' || file === '') continue;
    if (settingAt(settings, path) !== undefined) {
      problems.push(`${fileName} and ${prefix}${name} are both given: which one?`);
      continue;
    }
    const text = await readFile(resolve(folder, file), 'utf8').catch(() => undefined);
    if (text === undefined) problems.push(`${fileName} names a file that cannot be read`);
    else if (text.trim() === '') problems.push(`${fileName} names a file that is empty`);
    else filled = withSetting(filled, path, text.trim());
  }
  if (problems.length > 0) throw new ConfigError(problems, source);
  return filled;
}

/** The path of the setting that names the file of another. */
export function fileOf(path: readonly string[]): string[] {
  return [...path.slice(0, -1), `${path.at(-1) ?? ''}File`];
}
