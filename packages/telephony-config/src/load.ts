import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import JSON5 from 'json5';
import {
  type Account,
  type AccountLayers,
  accountNamed,
  checkAccounts,
  layerAccounts,
  prefixOf,
} from './accounts.ts';
import { ConfigError } from './config-error.ts';
import { findDuplicateKey } from './duplicate-key.ts';
import type { Environment } from './environment.ts';
import { withMediaFolders } from './media-folders.ts';
import { withSecretFiles } from './secret-files.ts';
import type { TelephonyConfig } from './schema.ts';

/** Where a configuration comes from. */
export interface LoadConfigOptions {
  /** A JSON5 file; without it and without `value`, the environment alone configures. */
  readonly file?: string;
  /** A configuration in memory, instead of a file. */
  readonly value?: unknown;
  /** What names of files and folders are relative to; default: the configuration's own folder, else the current one. */
  readonly folder?: string;
  /** Which account; default: the default account. */
  readonly account?: string;
  /** Goes before whatever file and environment say of the default account. */
  readonly provider?: string;
  /** Default: `process.env`. */
  readonly environment?: Environment;
}

/**
 * Reads the configuration of one account: file, then environment for what the file leaves open, then secrets from their
 * files.
 *
 * @throws {ConfigError} with a line for each thing to mend
 * @example
 * const config = await loadConfig({ file: 'telephony.json5' });
 */
export async function loadConfig(options: LoadConfigOptions = {}): Promise<TelephonyConfig> {
  const accounts = await loadAccounts(options);
  return accountNamed(accounts, options.account, sourceOf(options)).config;
}

/**
 * Reads all accounts of a configuration, the default one first.
 *
 * @throws {ConfigError} with a line for each thing to mend
 * @example
 * for (const { id, config } of await loadAccounts({ file: 'telephony.json5' })) console.log(id, config.provider);
 */
export async function loadAccounts(
  options: Omit<LoadConfigOptions, 'account'> = {},
): Promise<readonly Account[]> {
  const { file, environment = process.env, provider } = options;
  const folder = options.folder ?? (file === undefined ? '.' : dirname(file));
  const value = file === undefined ? (options.value ?? {}) : await readConfigFile(file);
  const layers = layerAccounts(value, {
    environment,
    source: sourceOf(options),
    ...(provider === undefined ? {} : { provider }),
  });
  // First the form: who has misspelt a setting must not hear of a missing file instead.
  checkAccounts(layers);
  return checkAccounts(await withFiles(layers, folder));
}

async function withFiles(layers: AccountLayers, folder: string): Promise<AccountLayers> {
  const { source } = layers;
  const accounts = await Promise.all(
    layers.accounts.map(async (account) => {
      // What does not run needs no secrets, and its files may be somewhere else.
      if (account.isSwitchedOff) return account;
      const where = { folder, source, prefix: prefixOf(account.id) };
      const settings = withMediaFolders(account.settings, folder);
      return { ...account, settings: await withSecretFiles(settings, where) };
    }),
  );
  return { ...layers, accounts };
}

const sourceOf = ({ file, value }: LoadConfigOptions): string =>
  file ?? (value === undefined ? 'the environment' : 'the configuration');

async function readConfigFile(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new ConfigError(['there is no such file, or it may not be read'], file);
  });
  let value: unknown;
  let namesPrototype = false;
  try {
    value = JSON5.parse(text, (key, inner: unknown) => {
      namesPrototype ||= key === '__proto__';
      return inner;
    });
  } catch (error) {
    // The message of a syntax error quotes the file, which may hold a secret: its place is enough.
    const at = /at (\d+):(\d+)/u.exec(error instanceof Error ? error.message : '');
    throw new ConfigError([`is no JSON5${at ? `: line ${at[1]}, column ${at[2]}` : ''}`], file);
  }
  // A copy of such an object leaves the name out, and nobody would hear of it.
  if (namesPrototype) throw new ConfigError(['__proto__ is no name of a setting or account'], file);
  const twice = findDuplicateKey(text);
  if (twice !== undefined) {
    const where = `line ${twice.line}: ${twice.key} stands there twice`;
    throw new ConfigError([`${where}, and only the second one would count`], file);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ConfigError(['must hold an object: { provider: "twilio", … }'], file);
  }
  return value;
}
