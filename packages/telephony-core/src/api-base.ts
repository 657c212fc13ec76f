import { TelephonyError } from './error.ts';

/** Where a provider's API is, and whether that is this very machine. */
export interface ApiBase {
  readonly origin: string;
  /** Without a slash at its end; `''` for the root. */
  readonly path: string;
  readonly isLoopback: boolean;
}

/**
 * Checks an address that replaces a carrier's API: whoever it names gets the credentials, so it must be https, or http on
 * this machine, and hold nothing but a host and a path.
 *
 * @throws {TelephonyError} `invalid_request`
 * @example
 * parseApiBase('http://127.0.0.1:4010/v2/', 'mycarrier'); // { origin: 'http://127.0.0.1:4010', path: '/v2', isLoopback: true }
 */
export function parseApiBase(baseUrl: string | URL, provider: string): ApiBase {
  const refuse = (message: string): TelephonyError =>
    new TelephonyError('invalid_request', message, { provider, outcome: 'not-performed' });
  if (!URL.canParse(String(baseUrl))) throw refuse('baseUrl is not a URL');
  const url = new URL(String(baseUrl));
  const isLoopback = isLoopbackHost(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback)) {
    throw refuse('baseUrl must be https, or http on loopback');
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw refuse('baseUrl has credentials, a query or a fragment: leave them out');
  }
  return { origin: url.origin, path: url.pathname.replace(/\/+$/u, ''), isLoopback };
}

/** True for the names of this very machine, in the spelling of `URL.hostname`. */
export function isLoopbackHost(hostname: string): boolean {
  return (
    /^(?:.+\.)?localhost\.?$/u.test(hostname) ||
    hostname === '[::1]' ||
    /^127(?:\.\d{1,3}){3}$/u.test(hostname)
  );
}
