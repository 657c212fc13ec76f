import { WebhookVerificationError } from './error.ts';

function malformed(message: string): WebhookVerificationError {
  return new WebhookVerificationError('malformed_request', message);
}

/** The request target in origin form without its fragment. Throws `malformed_request`. */
export function requireTarget(target: unknown): string {
  // Nothing but visible ASCII is valid in a request target; "//" would start another host.
  if (typeof target !== 'string' || !/^\/(?!\/)[\u0021-\u007e]*$/u.test(target)) {
    throw malformed('The request target must be a path that starts with one "/", as req.url does.');
  }
  const fragment = target.indexOf('#');
  return fragment < 0 ? target : target.slice(0, fragment);
}

/**
 * The URL a carrier signed, given the public URL of the configuration: an origin, to which the
 * request's target is appended, or a full URL (one with a path), which gets the request's query.
 */
export function joinPublicUrl(publicUrl: unknown, target: string): string {
  const parts =
    typeof publicUrl === 'string'
      ? /^([a-z][a-z0-9+.-]*:\/\/[\u0021\u0024-\u002e\u0030-\u003e\u0040-\u007e]+)(\/[^?#]*)?(\?[^#]*)?(?:#.*)?$/iu.exec(
          publicUrl,
        )
      : null;
  if (parts === null || /[^\u0021-\u007e]/u.test(parts[0])) {
    throw malformed('publicUrl must be an origin or a full URL, such as https://sms.example.com.');
  }
  const [, origin = '', path = '/', ownQuery = ''] = parts;
  if (path === '/') return `${origin}${target}`;
  const query = target.indexOf('?');
  return `${origin}${path}${query < 0 ? ownQuery : target.slice(query)}`;
}
