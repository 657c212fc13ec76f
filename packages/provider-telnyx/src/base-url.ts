import { refuse } from './errors.ts';

/** Which host is spoken to. */
export interface TelnyxHostOptions {
  /**
   * Replaces `https://api.telnyx.com`: https, or http on loopback. For simulators and proxies; a `/v2` at its end is
   * ignored.
   */
  readonly baseUrl?: string | URL;
}

/** Where requests go. */
export interface TelnyxHost {
  /** Without a slash at its end, and without the version of the API. */
  readonly base: string;
  readonly isLoopback: boolean;
}

/** Checks the base URL: whoever it names gets the API key. */
export function resolveHost({ baseUrl }: TelnyxHostOptions): TelnyxHost {
  if (baseUrl === undefined) return { base: 'https://api.telnyx.com', isLoopback: false };
  const url = URL.parse(String(baseUrl));
  if (url === null) throw refuse('invalid_request', 'baseUrl is not a URL');
  const isLoopback = isLoopbackHost(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback)) {
    throw refuse('invalid_request', 'baseUrl must be https, or http on loopback');
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw refuse(
      'invalid_request',
      'baseUrl has credentials, a query or a fragment: leave them out',
    );
  }
  const path = url.pathname.replace(/\/+$/u, '').replace(/\/v2$/u, '');
  return { base: `${url.origin}${path}`, isLoopback };
}

/** True for the names of this very machine, in the spelling of `URL.hostname`. */
export function isLoopbackHost(hostname: string): boolean {
  return (
    /^(?:.+\.)?localhost\.?$/u.test(hostname) ||
    hostname === '[::1]' ||
    /^127(?:\.\d{1,3}){3}$/u.test(hostname)
  );
}
