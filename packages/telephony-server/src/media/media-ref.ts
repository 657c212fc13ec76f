import { TelephonyError } from '@openclaw/telephony-core';
import { type Logger, reasonOf } from '../observe/logger.ts';
import type { MediaHost } from './media-host.ts';

/**
 * In the outbox, a file of this machine stands as `telephony-media:<secret>`. It gets a URL when its message is handed to
 * the carrier, so however long the message waits, the URL is a fresh one.
 */
const scheme = 'telephony-media:';

/** How a file of the media host stands in the outbox. */
export const toMediaRef = (secret: string): URL => new URL(`${scheme}${secret}`);

/** The secret in such a reference; `undefined` for every other URL. */
export const secretOf = (href: string): string | undefined =>
  href.startsWith(scheme) ? href.slice(scheme.length) : undefined;

/** There is no media host for a file: none was configured, or not any more. */
export const withoutHost = (): TelephonyError =>
  new TelephonyError(
    'unsupported',
    'sending a file of this machine needs a media host: set mediaHost',
    { outcome: 'not-performed' },
  );

/** Removes files that are not served. One that stays behind expires by itself: no reason to fail. */
export async function discardMedia(
  host: MediaHost,
  secrets: readonly string[],
  logger: Logger,
): Promise<void> {
  for (const secret of secrets) {
    await host
      .discard(secret)
      .catch((error: unknown) =>
        logger.warn({ reason: reasonOf(error) }, 'a file was not removed from the media host'),
      );
  }
}
