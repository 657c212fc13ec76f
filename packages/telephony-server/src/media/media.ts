import type { MessagingProvider } from '@openclaw/telephony-core';
import type { Job, KeyValueStore } from '@openclaw/telephony-store';
import type { Logger } from '../observe/logger.ts';
import { releasingMedia, withPublishedMedia } from './media-dispatch.ts';
import { mountMedia } from './media-handler.ts';
import type { MediaHost } from './media-host.ts';
import { offeringMedia } from './media-inbound.ts';
import { discardMedia, secretOf } from './media-ref.ts';
import { createMediaOutbox, type MediaOutbox } from './media-outbox.ts';
import type { InboundMediaOptions } from './media-received.ts';
import type { MessageHandler, RunHandler } from '../inbox/message-handler.ts';
import type { NodeHandler } from '../ingress/node-handler.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { OutboxItem } from '../outbox/outbox-item.ts';

/** What {@link createServerMedia} takes. */
export interface ServerMediaOptions {
  readonly messaging: MessagingProvider;
  /** Of the account. */
  readonly keyValue: KeyValueStore;
  readonly host: MediaHost | undefined;
  readonly inbound: InboundMediaOptions | undefined;
  /** Paths of the server that the media host must leave to it. */
  readonly paths: readonly string[];
  readonly logger: Logger;
}

/** Where media touch the parts of a server: each is put around the part of the same name. */
export interface ServerMedia {
  /** For the outbox's dispatch alone. */
  readonly messaging: MessagingProvider;
  onMessage(onMessage: MessageHandler): RunHandler;
  outbox(outbox: Outbox): MediaOutbox;
  /** Removes the files among media of a send that will never leave. */
  discard(media: readonly string[]): Promise<void>;
  sending(handle: (job: Job<OutboxItem>) => Promise<void>): (job: Job<OutboxItem>) => Promise<void>;
  handler(handler: NodeHandler): NodeHandler;
}

/**
 * Puts media around the parts of one server.
 *
 * @throws {TypeError} when a path of the server lies below that of the media host
 */
export function createServerMedia(options: ServerMediaOptions): ServerMedia {
  const { messaging, keyValue, host, inbound, paths, logger } = options;
  if (host !== undefined && paths.some((path) => path.startsWith(`${host.path}/`))) {
    throw new TypeError(
      'a path of the server lies below that of the media host: change one of them',
    );
  }
  return {
    messaging: withPublishedMedia(messaging, host),
    onMessage: (onMessage) =>
      offeringMedia(onMessage, {
        messaging,
        keyValue,
        logger,
        ...(inbound === undefined ? {} : { limits: inbound }),
      }),
    outbox: (outbox) => createMediaOutbox({ outbox, messaging, host, keyValue, logger }),
    async discard(media) {
      const secrets = media.flatMap((href) => secretOf(href) ?? []);
      if (host !== undefined) await discardMedia(host, secrets, logger);
    },
    sending: (handle) => releasingMedia(handle, { host, logger }),
    handler: (handler) => (host === undefined ? handler : mountMedia(host, handler)),
  };
}
