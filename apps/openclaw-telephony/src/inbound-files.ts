import type { InboundMessage } from '@openclaw/telephony-core';
import type { MessageContext } from '@openclaw/telephony-server';
import type { PluginRuntime } from 'openclaw/plugin-sdk/channel-core';

/** A file that the host has, and may show to the agent. */
export interface SavedFile {
  readonly path: string;
  readonly contentType: string;
  readonly messageId: string;
}

/** The files that came with a text, where the host keeps what came in. */
export interface SavedFiles {
  readonly media: readonly SavedFile[];
  /** A sentence for each file that cannot be had, for the agent. */
  readonly notices: readonly string[];
}

/**
 * Fetches the files of a text, after its sender was let in, and gives them to the host.
 *
 * @throws {Retry} when the carrier cannot deliver them now: the text waits
 */
export async function saveFiles(
  message: InboundMessage,
  context: Pick<MessageContext, 'media'>,
  store: Pick<PluginRuntime['channel']['media'], 'saveMediaBuffer'>,
): Promise<SavedFiles> {
  if (message.media.length === 0) return { media: [], notices: [] };
  const media: SavedFile[] = [];
  const notices: string[] = [];
  for (const file of await context.media()) {
    if (file.status === 'unavailable') {
      notices.push(`[${file.notice}]`);
      continue;
    }
    const { bytes, contentType, fileName } = file;
    const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const { path } = await store.saveMediaBuffer(
      content,
      contentType,
      'inbound',
      // As large as it is: `media.inbound` has bounded it already.
      content.length,
      fileName,
    );
    media.push({ path, contentType, messageId: message.id });
  }
  return { media, notices };
}
