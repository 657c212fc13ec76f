import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import JSON5 from 'json5';
import { ConfigError, describeIssues } from './config-error.ts';
import { type Environment, withEnvironment } from './environment.ts';
import { withSecretFiles } from './secret-files.ts';
import { type TelephonyConfig, telephonyConfigSchema } from './schema.ts';

/** Where a configuration comes from. */
export interface LoadConfigOptions {
  /** A JSON5 file; without it, the environment alone configures. */
  readonly file?: string;
  /** Goes before whatever file and environment say. */
  readonly provider?: string;
  /** Default: `process.env`. */
  readonly environment?: Environment;
}

/**
 * Reads a configuration: file, then environment for what the file leaves open, then secrets from their files.
 *
 * @throws {ConfigError} with a line for each thing to mend
 * @example
 * const config = await loadConfig({ file: 'telephony.json5' });
 */
export async function loadConfig(options: LoadConfigOptions = {}): Promise<TelephonyConfig> {
  const { file, environment = process.env } = options;
  const source = file ?? 'the environment';
  const inFile = file === undefined ? {} : await readConfigFile(file);
  const written =
    options.provider === undefined ? inFile : { ...inFile, provider: options.provider };
  const config = parseConfig(withEnvironment(written, environment), source);
  return withSecretFiles(config, file === undefined ? '.' : dirname(file), source);
}

/**
 * Checks a configuration that is already in memory.
 *
 * @throws {ConfigError} with a line for each thing to mend
 */
export function parseConfig(value: unknown, source = 'the configuration'): TelephonyConfig {
  const result = telephonyConfigSchema.safeParse(value);
  if (!result.success) throw new ConfigError(describeIssues(result.error), source);
  return result.data;
}

async function readConfigFile(file: string): Promise<{ readonly [key: string]: unknown }> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new ConfigError(['there is no such file, or it may not be read'], file);
  });
  let value: unknown;
  try {
    value = JSON5.parse(text);
  } catch (error) {
    // The message of a syntax error quotes the file, which may hold a secret: its place is enough.
    const at = /at (\d+):(\d+)/u.exec(error instanceof Error ? error.message : '');
    throw new ConfigError([`is no JSON5${at ? `: line ${at[1]}, column ${at[2]}` : ''}`], file);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ConfigError(['must hold an object: { provider: "twilio", … }'], file);
  }
  return { ...value };
}
