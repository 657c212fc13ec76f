import {
  type InboundMedia,
  type InboundMessage,
  type MessagingProvider,
  TelephonyError,
  toTransportError,
} from '@openclaw/telephony-core';
import { type KeyValueStore, Retry } from '@openclaw/telephony-store';
import { updateRecord } from '../records/compare-and-set.ts';
import type { Logger } from '../observe/logger.ts';
import { passesByItself } from '../retry/passing-failure.ts';
import { readAtMost } from './media-body.ts';
import type {
  InboundMediaOptions,
  MediaUnavailableReason,
  ReceivedMedia,
} from './media-received.ts';
import { sniffContentType, toFileName } from './media-type.ts';
import type { MessageHandler, RunContext, RunHandler } from '../inbox/message-handler.ts';

/** What {@link offeringMedia} takes. */
export interface MediaOfferOptions {
  readonly messaging: MessagingProvider;
  /** Of the account: it counts how often the media of a text were asked for in vain. */
  readonly keyValue: KeyValueStore;
  readonly logger: Logger;
  readonly limits?: InboundMediaOptions;
}

/** The run that wants the media of its text. */
interface MediaOwner extends RunContext {
  readonly message: InboundMessage;
}

const longestWaitMs = 3_600_000;
const rememberedMs = 7 * 24 * 3_600_000;

/**
 * Lets the application fetch what came with a text. It alone asks, so nothing is fetched for a sender who was not let in.
 *
 * @throws {RangeError} for a limit or a pause that is no number from 0 up
 */
export function offeringMedia(onMessage: MessageHandler, options: MediaOfferOptions): RunHandler {
  assertLimits(options.limits ?? {});
  return (message, reply, context) => {
    let fetched: Promise<readonly ReceivedMedia[]> | undefined;
    const media = (): Promise<readonly ReceivedMedia[]> =>
      (fetched ??= fetchAll({ ...context, message }, options));
    return onMessage(message, reply, { ...context, media });
  };
}

async function fetchAll(
  owner: MediaOwner,
  options: MediaOfferOptions,
): Promise<readonly ReceivedMedia[]> {
  const { maxTotalBytes = 5 * 1024 * 1024, maxCount = 10 } = options.limits ?? {};
  const { maxBytes = maxTotalBytes } = options.limits ?? {};
  const { media } = owner.message;
  const received: ReceivedMedia[] = [];
  let bytesLeft = maxTotalBytes;
  // One after the other: what is left for the next one is known, and fifty conversations do not fetch five hundred files.
  for (const [index, item] of media.entries()) {
    const most = Math.min(maxBytes, bytesLeft);
    const result =
      index < maxCount
        ? await fetchOne(item, most, owner, options)
        : { reason: 'too-many' as const };
    if (!('reason' in result)) {
      const { bytes, contentType } = result;
      bytesLeft -= bytes.length;
      const fileName = toFileName(undefined, contentType, `media-${index + 1}`);
      received.push({ status: 'fetched', bytes, contentType, fileName });
      continue;
    }
    const { reason } = result;
    const which = media.length === 1 ? 'The file' : `File ${index + 1} of ${media.length}`;
    const notice = `${which} that came with this message is missing: ${sentences[reason]}.`;
    options.logger.warn(
      { correlationId: owner.correlationId, file: index + 1, reason },
      'media not available',
    );
    received.push({ status: 'unavailable', reason, notice });
  }
  return received;
}

function assertLimits({ tryAgainAfterMs = [], ...bounds }: InboundMediaOptions): void {
  const pauses = tryAgainAfterMs.map((pause) => ['tryAgainAfterMs', pause] as const);
  for (const [name, value] of [...Object.entries(bounds), ...pauses]) {
    // Compared with what is not a number, no file would be too large.
    if (value >= 0 && value < Infinity) continue;
    throw new RangeError(`inboundMedia.${name} is a number from 0 up`);
  }
}

const sentences: { readonly [reason in MediaUnavailableReason]: string } = {
  gone: 'the carrier no longer has it',
  'too-large': 'it is too large',
  'too-many': 'the message came with too many files',
  'refused-type': 'it is of a type that is not let in',
  refused: 'it could not be fetched',
  'carrier-failed': 'the carrier could not deliver it',
  unsupported: 'this carrier delivers no files',
};

interface FetchedFile {
  readonly bytes: Uint8Array;
  readonly contentType: string;
}
interface MissingFile {
  readonly reason: MediaUnavailableReason;
}

async function fetchOne(
  item: InboundMedia,
  maxBytes: number,
  owner: MediaOwner,
  options: MediaOfferOptions,
): Promise<FetchedFile | MissingFile> {
  const { messaging } = options;
  if (messaging.fetchMedia === undefined) return { reason: 'unsupported' };
  if ((item.bytes ?? 0) > maxBytes) return { reason: 'too-large' };
  const { signal } = owner;
  try {
    const response = await messaging.fetchMedia(item, { signal });
    const bytes = await readAtMost(response, maxBytes);
    if (bytes === undefined) return { reason: 'too-large' };
    const contentType = sniffContentType(bytes);
    return contentType === undefined ? { reason: 'refused-type' } : { bytes, contentType };
  } catch (failure) {
    if (signal.aborted) throw new Retry(0, 'this run ended while media were fetched');
    return failed(failure, owner, options);
  }
}

/** A failure that passes makes the text come again, a few times; any other is an answer. */
async function failed(
  failure: unknown,
  owner: MediaOwner,
  { keyValue, limits }: MediaOfferOptions,
): Promise<MissingFile> {
  const { code, message, retryAfterMs } = toTransportError(failure, { provider: 'media' });
  if (code === 'not_found') return { reason: 'gone' };
  // Whatever became of the answer, a download changes nothing at the carrier.
  const error = new TelephonyError(code, message, {
    outcome: 'not-performed',
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
  if (!passesByItself(error)) return { reason: 'refused' };
  const { tryAgainAfterMs = [2000, 10_000, 60_000, 300_000] } = limits ?? {};
  const tries = await updateRecord({
    keyValue,
    key: `media-tries/${owner.message.id}`,
    ttlMs: rememberedMs,
    parse: (json) => (typeof json === 'number' ? json : undefined),
    change: (count = 0) => (count > tryAgainAfterMs.length ? undefined : count + 1),
  });
  const pause = tryAgainAfterMs[(tries ?? 1) - 1];
  if (pause === undefined) return { reason: 'carrier-failed' };
  const wait = Math.min(Math.max(pause, retryAfterMs ?? 0), longestWaitMs);
  throw new Retry(wait, `the media of the text could not be had (${code})`);
}
