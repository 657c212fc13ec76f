import {
  assertOutboundMedia,
  type OutboundMediaLimits,
  TelephonyError,
} from '@openclaw/telephony-core';
import { isRecord } from '../records/json.ts';
import { readLocalMedia } from './media-file.ts';
import type { HostedFile, MediaSource } from './media-source.ts';

/**
 * Checks what may be checked before anything is read: how many media there are, and that each is one.
 *
 * @throws {TelephonyError} `unsupported` or `invalid_request`, always `not-performed`
 */
export function assertMediaSources(
  media: readonly MediaSource[],
  limits: OutboundMediaLimits | false,
): void {
  assertOutboundMedia(
    media.map(() => ({})),
    limits,
  );
  for (const [index, source] of media.entries()) assertSource(source, index + 1);
}

/** A program without types may pass anything. */
function assertSource(source: MediaSource, position: number): void {
  const given: unknown = source;
  const isRight =
    given instanceof URL
      ? /^https?:$/u.test(given.protocol)
      : isRecord(given) &&
        (typeof given['file'] === 'string' ||
          (given['bytes'] instanceof Uint8Array && typeof given['contentType'] === 'string'));
  if (isRight) return;
  throw new TelephonyError(
    'invalid_request',
    `media ${position} is no http or https URL, no { file } and no { bytes, contentType }`,
    { outcome: 'not-performed' },
  );
}

/**
 * Reads the files of this machine among media, and measures all of them against what the carrier takes.
 *
 * @throws {TelephonyError} `invalid_request` or `permission_denied`, always `not-performed`
 */
export async function readMediaSources(
  media: readonly MediaSource[],
  limits: OutboundMediaLimits,
  { allowedFolders }: { readonly allowedFolders: readonly string[] | undefined },
): Promise<readonly (HostedFile | URL)[]> {
  const files: (HostedFile | URL)[] = [];
  for (const [index, source] of media.entries()) {
    const rules = {
      maxBytes: limits.maxBytes,
      ...(allowedFolders === undefined ? {} : { allowedFolders }),
    };
    files.push(source instanceof URL ? source : await readLocalMedia(source, index + 1, rules));
  }
  assertOutboundMedia(
    files.map((file) =>
      file instanceof URL ? {} : { contentType: file.contentType, bytes: file.bytes.length },
    ),
    limits,
  );
  return files;
}
