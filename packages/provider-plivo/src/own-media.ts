import type { PlivoHost } from './base-url.ts';
import type { PlivoCredentials } from './credentials.ts';

/**
 * True for a picture of a message of the account, on the API's own host: nothing else is shown the credentials, because
 * whoever writes a webhook chooses the URL.
 */
export function isOwnMedia(
  { origin, pathname }: URL,
  { base, ownOrigins }: PlivoHost,
  { authId }: Pick<PlivoCredentials, 'authId'>,
): boolean {
  const root = `${new URL(base).pathname.replace(/\/$/u, '')}/v1/Account/${authId}/Message/`;
  return (
    ownOrigins.has(origin) &&
    pathname.startsWith(root) &&
    /^[0-9A-Za-z-]+\/Media\//u.test(pathname.slice(root.length))
  );
}
