import { join } from 'node:path';
import { createMediaHost, type MediaHost } from '@openclaw/telephony-server';
import { given } from './given.ts';
import { topAccountId } from './inheritance.ts';
import type { TelephonyConfig } from './schema.ts';

/** What a media host needs that no configuration holds. */
export interface ConfiguredMediaHostOptions {
  /** Where files are kept unless `media.host.folder` says otherwise. */
  readonly folder: string;
  /** Whose files; each account has a folder of its own in there. Default: the default account. */
  readonly accountId?: string;
  /** For an address that changes; default: `publicUrl` of the configuration. */
  readonly publicUrl?: () => string | undefined;
  readonly now?: () => Date;
}

/**
 * Makes the host that serves files of this machine to the carrier of one account, as `media.host` and `serve.mediaPath`
 * say. The caller closes it, after the server.
 *
 * @example
 * const mediaHost = createConfiguredMediaHost(config, { folder: '/var/lib/bot/media' });
 * const { server } = createConfiguredServer(config, { store, onMessage, mediaHost });
 */
export function createConfiguredMediaHost(
  { media, serve, publicUrl: written }: TelephonyConfig,
  options: ConfiguredMediaHostOptions,
): MediaHost {
  const { folder: usual, accountId = topAccountId, publicUrl = () => written, now } = options;
  const { folder = usual, ...settings } = media.host;
  return createMediaHost({
    ...given({ ...settings, now }),
    folder: accountId === topAccountId ? folder : join(folder, accountId),
    path: serve.mediaPath,
    publicUrl,
  });
}
