import { WebhookVerificationError } from './error.ts';

/**
 * The part of the URL that Plivo signs as it is: scheme, host, port and path, without userinfo,
 * query and fragment. Throws `malformed_request`.
 */
export function signedBase(url: string): string {
  const match = /^([a-z][a-z0-9+.-]*:\/\/)([^/?#]+)([^?#]*)/iu.exec(url);
  if (match === null) {
    throw new WebhookVerificationError(
      'malformed_request',
      'The url must be the full public URL, with its scheme and host.',
    );
  }
  const [, scheme = '', authority = '', path = ''] = match;
  return scheme + authority.slice(authority.lastIndexOf('@') + 1) + path;
}
