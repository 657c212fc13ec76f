import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ConfigError } from './config-error.ts';
import type { TelephonyConfig } from './schema.ts';

/** Puts secrets in their places that the configuration keeps in files. Relative names are relative to `folder`. */
export async function withSecretFiles(
  config: TelephonyConfig,
  folder: string,
  source: string,
): Promise<TelephonyConfig> {
  const read = async (name: string, file: string, other: unknown): Promise<string> => {
    if (other !== undefined) {
      throw new ConfigError(
        [`${name} and ${name.slice(0, -'File'.length)} are both given: which one?`],
        source,
      );
    }
    const text = await readFile(resolve(folder, file), 'utf8').catch(() => {
      throw new ConfigError([`${name} names a file that cannot be read`], source);
    });
    return text.trim();
  };
  const twilio = { ...config.twilio };
  const telnyx = { ...config.telnyx };
  const plivo = { ...config.plivo };
  if (twilio.authTokenFile !== undefined) {
    twilio.authToken = await read('twilio.authTokenFile', twilio.authTokenFile, twilio.authToken);
  }
  if (twilio.apiKeySecretFile !== undefined) {
    twilio.apiKeySecret = await read(
      'twilio.apiKeySecretFile',
      twilio.apiKeySecretFile,
      twilio.apiKeySecret,
    );
  }
  if (telnyx.apiKeyFile !== undefined) {
    telnyx.apiKey = await read('telnyx.apiKeyFile', telnyx.apiKeyFile, telnyx.apiKey);
  }
  if (telnyx.publicKeyFile !== undefined) {
    telnyx.publicKey = await read('telnyx.publicKeyFile', telnyx.publicKeyFile, telnyx.publicKey);
  }
  if (plivo.authTokenFile !== undefined) {
    plivo.authToken = await read('plivo.authTokenFile', plivo.authTokenFile, plivo.authToken);
  }
  return { ...config, twilio, telnyx, plivo };
}
