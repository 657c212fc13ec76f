import { flattenMarkdown } from '@openclaw/telephony-server';
import { sanitizeAssistantVisibleText } from 'openclaw/plugin-sdk/text-chunking';

/** What an agent wrote, as a text message shows it: no markup, and nothing that was meant for the host. */
export const plainText = (text: string): string =>
  flattenMarkdown(sanitizeAssistantVisibleText(text)).trim();
