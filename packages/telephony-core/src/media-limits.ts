import { TelephonyError, type TelephonyErrorCode } from './error.ts';

/** What a carrier takes of media with one message. It downloads them from URLs; sizes are those of the files. */
export interface OutboundMediaLimits {
  readonly by: 'url';
  readonly maxCount: number;
  /** The largest file that it takes of any type. */
  readonly maxBytes: number;
  readonly maxTotalBytes: number;
  /**
   * Smaller limits of some types; the first that names the type of a file decides, and a file that none names is
   * refused. Absent: every type, up to `maxBytes`.
   */
  readonly byType?: readonly MediaTypeLimit[];
  /** Beyond so much in all, some phone networks do not deliver: a reason to warn, not to refuse. */
  readonly safeTotalBytes?: number;
}

/** What a carrier takes of some types of media. */
export interface MediaTypeLimit {
  /** Such as `image/jpeg`, all of a kind as `image/*`, or `*` for everything. */
  readonly types: readonly string[];
  readonly maxBytes: number;
}

/** What is known of a file before it is sent; of one that lies behind somebody's URL, nothing. */
export interface OutboundFile {
  /** Without parameters, in lower case. */
  readonly contentType?: string;
  readonly bytes?: number;
}

/**
 * Checks media against what a carrier takes, before anything is stored or sent.
 *
 * @throws {TelephonyError} `unsupported` when the carrier takes no media, `invalid_request` for too many, too large or a
 *   refused type; always `not-performed`
 * @example
 * assertOutboundMedia([{ contentType: 'image/jpeg', bytes: 80_000 }], provider.messaging.capabilities.outboundMedia);
 */
export function assertOutboundMedia(
  files: readonly OutboundFile[],
  limits: OutboundMediaLimits | false,
): void {
  if (files.length === 0) return;
  if (limits === false) throw refuse('unsupported', 'this carrier cannot send pictures and files');
  if (files.length > limits.maxCount) {
    throw refuse(
      'invalid_request',
      `${files.length} media are too many for one message: this carrier takes ${limits.maxCount}`,
    );
  }
  for (const [index, file] of files.entries()) assertFile(file, index + 1, limits);
  const total = files.reduce((sum, { bytes = 0 }) => sum + bytes, 0);
  if (total > limits.maxTotalBytes) {
    throw refuse(
      'invalid_request',
      `the media have ${total} bytes together and this carrier takes ${limits.maxTotalBytes}`,
    );
  }
}

function assertFile(
  { contentType, bytes = 0 }: OutboundFile,
  position: number,
  { byType, maxBytes }: OutboundMediaLimits,
): void {
  const ofType =
    contentType === undefined || byType === undefined
      ? { maxBytes }
      : byType.find(({ types }) => types.some((pattern) => covers(pattern, contentType)));
  if (ofType === undefined) {
    throw refuse('invalid_request', `media ${position}: this carrier takes no ${contentType}`);
  }
  const most = Math.min(ofType.maxBytes, maxBytes);
  if (bytes > most) {
    throw refuse(
      'invalid_request',
      `media ${position} has ${bytes} bytes and this carrier takes ${most}${
        contentType === undefined ? '' : ` of ${contentType}`
      }`,
    );
  }
}

function covers(pattern: string, contentType: string): boolean {
  if (pattern === '*' || pattern === contentType) return true;
  return pattern.endsWith('/*') && contentType.startsWith(pattern.slice(0, -1));
}

const refuse = (code: TelephonyErrorCode, message: string): TelephonyError =>
  new TelephonyError(code, message, { outcome: 'not-performed' });
