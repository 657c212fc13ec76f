import {
  type MessagingProvider,
  type OutboundMediaLimits,
  TelephonyError,
} from '@openclaw/telephony-core';
import type { KeyValueStore } from '@openclaw/telephony-store';
import { readRecord } from '../records/compare-and-set.ts';
import { isRecord, numberIn } from '../records/json.ts';
import { type Logger, reasonOf } from '../observe/logger.ts';
import type { MediaHost } from './media-host.ts';
import { assertMediaSources, readMediaSources } from './media-local.ts';
import { discardMedia, toMediaRef, withoutHost } from './media-ref.ts';
import type { HostedFile, MediaSource } from './media-source.ts';
import type { Outbox, QueuedSend, SendRequest } from '../outbox/outbox.ts';

/** A send whose media may be files of this machine. */
export type MediaSendRequest = Omit<SendRequest, 'media'> & {
  readonly media?: readonly MediaSource[];
};

/** An outbox that takes files of this machine, too. */
export interface MediaOutbox extends Omit<Outbox, 'send'> {
  /**
   * Durable when it resolves, the files too.
   *
   * @throws {TelephonyError} what {@link Outbox.send} throws; `unsupported` for a file without a media host,
   * `invalid_request` for one that cannot be read or that the carrier does not take
   */
  send(request: MediaSendRequest): Promise<QueuedSend>;
}

/** What {@link createMediaOutbox} takes. */
export interface MediaOutboxOptions {
  readonly outbox: Outbox;
  readonly messaging: MessagingProvider;
  readonly host: MediaHost | undefined;
  /** Of the account: it remembers which sends with files are queued. */
  readonly keyValue: KeyValueStore;
  readonly logger: Logger;
}

/** Puts the files of a send on the media host before the send is queued, and takes them away when it is not. */
export function createMediaOutbox(options: MediaOutboxOptions): MediaOutbox {
  const { outbox, messaging, host, keyValue, logger } = options;
  const limits = messaging.capabilities.outboundMedia;

  async function queueWith(
    files: readonly (HostedFile | URL)[],
    on: MediaHost,
    request: SendRequest,
  ): Promise<QueuedSend> {
    const secrets: string[] = [];
    const undo = (): Promise<void> => discardMedia(on, secrets, logger);
    const media: URL[] = [];
    try {
      for (const file of files)
        media.push(file instanceof URL ? file : await keep(file, on, secrets, request.sendAt));
    } catch (error) {
      await undo();
      throw error;
    }
    try {
      const queued = await outbox.send({ ...request, media });
      // The one that is queued has files of its own.
      if (queued.duplicate) await undo();
      return queued;
    } catch (error) {
      // After a failure of the store nobody knows whether it is queued: its files stay until they expire.
      if (TelephonyError.isInstance(error) && error.outcome === 'not-performed') await undo();
      throw error;
    }
  }

  return {
    ...outbox,
    async send({ media, ...request }) {
      if (media === undefined) return outbox.send(request);
      assertMediaSources(media, limits);
      if (limits === false || media.every((source) => source instanceof URL)) {
        return outbox.send({ ...request, media: media.filter((one) => one instanceof URL) });
      }
      if (host === undefined) throw withoutHost();
      // Asked before anything is read: when an application runs again, its file may be gone and its answer queued.
      const key = `media-queued/${request.id}`;
      const before = await readRecord(keyValue, key, parseQueued);
      if (before !== undefined) return { ...before, id: request.id, duplicate: true };
      const files = await readMediaSources(media, limits, host);
      warnOfSize(request.id, files, limits, logger);
      const queued = await queueWith(files, host, request);
      const { messageCount, segmentCount } = queued;
      const value = JSON.stringify({ messageCount, segmentCount });
      await keyValue.set(key, value, { ttlMs: rememberedMs }).catch((error: unknown) => {
        logger.warn({ sendId: request.id, reason: reasonOf(error) }, 'not remembered as queued');
      });
      return queued;
    },
  };
}

async function keep(
  file: HostedFile,
  host: MediaHost,
  secrets: string[],
  sendAt: Date | undefined,
): Promise<URL> {
  const secret = await host.keep(file, sendAt === undefined ? {} : { neededFrom: sendAt });
  secrets.push(secret);
  return toMediaRef(secret);
}

const rememberedMs = 7 * 24 * 3_600_000;

function parseQueued(json: unknown): Pick<QueuedSend, 'messageCount' | 'segmentCount'> | undefined {
  if (!isRecord(json)) return undefined;
  const messageCount = numberIn(json, 'messageCount');
  const segmentCount = numberIn(json, 'segmentCount');
  return messageCount === undefined || segmentCount === undefined
    ? undefined
    : { messageCount, segmentCount };
}

function warnOfSize(
  sendId: string,
  files: readonly (HostedFile | URL)[],
  { safeTotalBytes = Infinity }: OutboundMediaLimits,
  logger: Logger,
): void {
  const bytes = files.reduce((sum, file) => sum + (file instanceof URL ? 0 : file.bytes.length), 0);
  if (bytes <= safeTotalBytes) return;
  logger.warn({ sendId, bytes, safeTotalBytes }, 'so large that some networks may not deliver it');
}
