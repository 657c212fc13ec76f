import { parseApiBase } from '@openclaw/telephony-core';
import { plivoProviderId } from './errors.ts';

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
  const { origin, path, isLoopback } = parseApiBase(baseUrl, plivoProviderId);
  return { base: origin + path, ownOrigins: new Set([origin]), isLoopback };
}
