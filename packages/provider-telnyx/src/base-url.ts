import { parseApiBase } from '@openclaw/telephony-core';
import { telnyxProviderId } from './errors.ts';

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
  const { origin, path, isLoopback } = parseApiBase(baseUrl, telnyxProviderId);
  return { base: origin + path.replace(/\/v2$/u, ''), isLoopback };
}
