import type { TwilioHost } from './base-url.ts';

/**
 * Whether a URL is that of a message's media on the account. Not the origin alone: a URL that somebody made up would
 * else have any request made in the account's name.
 */
export function isOwnMedia(
  url: URL,
  { ownOrigins, path }: TwilioHost,
  accountSid: string,
): boolean {
  const messages = `${path}/2010-04-01/Accounts/${accountSid}/Messages/`;
  return (
    ownOrigins.has(url.origin) &&
    url.pathname.startsWith(messages) &&
    // Without escapes, which a server might read as slashes.
    /^[^/%]+\/Media\/[^/%]+$/u.test(url.pathname.slice(messages.length))
  );
}
