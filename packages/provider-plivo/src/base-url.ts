import { refuse } from './errors.ts';

/** Which host is spoken to. */
export interface PlivoHostOptions {
  /** Replaces `https://api.plivo.com`: https, or http on loopback. For simulators and proxies. */
  readonly baseUrl?: string | URL;
}

/** Where requests go, and who may see the credentials. */
export interface PlivoHost {
  /** Without a slash at its end. */
  readonly base: string;
  /** The origin that belongs to Plivo, or to whoever stands in for it. */
  readonly ownOrigins: ReadonlySet<string>;
  readonly isLoopback: boolean;
}

const defaultOrigin = 'https://api.plivo.com';

/** Plivo has one host for everybody; only a base URL replaces it. */
export function resolveHost({ baseUrl }: PlivoHostOptions): PlivoHost {
  if (baseUrl === undefined) {
    return { base: defaultOrigin, ownOrigins: new Set([defaultOrigin]), isLoopback: false };
  }
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
  return {
    base: `${url.origin}${url.pathname.replace(/\/+$/u, '')}`,
    ownOrigins: new Set([url.origin]),
    isLoopback,
  };
}

/** True for the names of this very machine, in the spelling of `URL.hostname`. */
export function isLoopbackHost(hostname: string): boolean {
  return (
    /^(?:.+\.)?localhost\.?$/u.test(hostname) ||
    hostname === '[::1]' ||
    /^127(?:\.\d{1,3}){3}$/u.test(hostname)
  );
}
