import { type CallOptions, type InboundMedia, toTransportError } from '@openclaw/telephony-core';
import { isLoopbackHost, type PlivoHost } from './base-url.ts';
import { refuse, toPlivoError, plivoProviderId } from './errors.ts';

const maxRedirectCount = 3;
const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** What {@link createMediaFetcher} takes. */
export interface MediaFetcherOptions {
  readonly host: PlivoHost;
  readonly authorization: string;
  readonly fetch: typeof globalThis.fetch | undefined;
  readonly timeoutMs: number;
  readonly now: () => Date;
}

/**
 * Makes `fetchMedia`: redirects are followed by hand, because one may lead to another host, which must not
 * see the credentials.
 */
export function createMediaFetcher(
  options: MediaFetcherOptions,
): (media: InboundMedia, callOptions?: CallOptions) => Promise<Response> {
  const { host, authorization, timeoutMs, now } = options;
  return async (media, callOptions) => {
    const signal = callOptions?.signal;
    if (signal?.aborted === true) throw refuse('aborted', 'the call was aborted before it began');
    const fetch = options.fetch ?? globalThis.fetch;
    const timeout = AbortSignal.timeout(timeoutMs);
    let url = media.url;
    for (let redirectCount = 0; ; redirectCount += 1) {
      assertFetchable(url, host);
      let response: Response;
      try {
        response = await fetch(url, {
          headers: host.ownOrigins.has(url.origin) ? { authorization } : {},
          redirect: 'manual',
          signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
        });
      } catch (failure) {
        const { code, message } = toTransportError(failure, { provider: plivoProviderId, signal });
        throw refuse(code, message);
      }
      if (response.ok) return response;
      await response.body?.cancel().catch(() => undefined);
      const location = response.headers.get('location');
      if (!redirects.has(response.status) || location === null) {
        throw toPlivoError({
          status: response.status,
          retryAfter: response.headers.get('retry-after') ?? undefined,
          sentence: undefined,
          now: now(),
          creates: false,
        });
      }
      if (redirectCount === maxRedirectCount) {
        throw refuse('malformed_response', `more than ${maxRedirectCount} redirects to the media`);
      }
      const next = URL.parse(location, url.href);
      if (next === null) throw refuse('malformed_response', 'the media redirect to no URL');
      url = next;
    }
  };
}

/** No other scheme, and no machine of our own network: a media host has a name. */
function assertFetchable(url: URL, host: PlivoHost): void {
  const isLoopback = isLoopbackHost(url.hostname);
  if (host.isLoopback && isLoopback && /^https?:$/u.test(url.protocol)) return;
  if (url.protocol !== 'https:') {
    throw refuse('invalid_request', 'media are fetched over https only');
  }
  if (url.username !== '' || url.password !== '') {
    throw refuse('invalid_request', 'media are not fetched from a URL with credentials');
  }
  if (isLoopback || /^\[|^\d+(?:\.\d+){3}$/u.test(url.hostname)) {
    throw refuse('invalid_request', 'media are fetched from hosts with a name only');
  }
}
