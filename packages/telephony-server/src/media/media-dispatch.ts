import {
  type MessagingProvider,
  type OutboundMessage,
  TelephonyError,
} from '@openclaw/telephony-core';
import { Dead, type Job } from '@openclaw/telephony-store';
import { type Logger, reasonOf } from '../observe/logger.ts';
import type { MediaHost } from './media-host.ts';
import { discardMedia, secretOf, withoutHost } from './media-ref.ts';

/** A provider's messaging whose `send` gives URLs to the files that stand in a message by their secrets. */
export function withPublishedMedia(
  messaging: MessagingProvider,
  host: MediaHost | undefined,
): MessagingProvider {
  const getMessage = messaging.getMessage?.bind(messaging);
  const fetchMedia = messaging.fetchMedia?.bind(messaging);
  return {
    capabilities: messaging.capabilities,
    ...(getMessage ? { getMessage } : {}),
    ...(fetchMedia ? { fetchMedia } : {}),
    async send(message, options) {
      const secrets = (message.media ?? []).flatMap((url) => secretOf(url.href) ?? []);
      if (secrets.length === 0) return messaging.send(message, options);
      if (host === undefined) throw withoutHost();
      // Should it fail, the file expires, and the next try is refused: never sent with a dead URL.
      const withdraw = async (): Promise<void> => {
        for (const secret of secrets) await host.withdraw(secret).catch(() => undefined);
      };
      let published: OutboundMessage;
      try {
        published = await publishAll(message, host);
      } catch (error) {
        await withdraw();
        throw TelephonyError.isInstance(error)
          ? error
          : new TelephonyError(
              'provider_unavailable',
              `the media host failed: ${reasonOf(error)}`,
              { outcome: 'not-performed' },
            );
      }
      try {
        return await messaging.send(published, options);
      } catch (error) {
        // Before anybody writes that the message waits: from then on its files must wait with it.
        if (TelephonyError.isInstance(error) && error.outcome === 'not-performed') await withdraw();
        throw error;
      }
    },
  };
}

async function publishAll(message: OutboundMessage, host: MediaHost): Promise<OutboundMessage> {
  const urls: URL[] = [];
  for (const url of message.media ?? []) {
    const secret = secretOf(url.href);
    urls.push(secret === undefined ? url : await host.publish(secret));
  }
  const [first, ...rest] = urls;
  return first === undefined ? message : { ...message, media: [first, ...rest] };
}

/**
 * Runs a handler of outbox jobs, and removes the files of a send that has ended and whose URLs nobody was given. Those
 * that the carrier was told stay until they expire.
 */
export function releasingMedia<Item extends { readonly media: readonly string[] }>(
  handle: (job: Job<Item>) => Promise<void>,
  { host, logger }: { readonly host: MediaHost | undefined; readonly logger: Logger },
): (job: Job<Item>) => Promise<void> {
  return async (job) => {
    const secrets = job.payload.media.flatMap((url) => secretOf(url) ?? []);
    if (host === undefined || secrets.length === 0) return handle(job);
    try {
      await handle(job);
    } catch (error) {
      if (Dead.isInstance(error)) await discardMedia(host, secrets, logger);
      throw error;
    }
    return discardMedia(host, secrets, logger);
  };
}
