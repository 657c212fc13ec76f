import { isLoopbackHost } from './api-base.ts';
import type { TelephonyError } from './error.ts';
import { toTransportError } from './http-failure.ts';
import { isPublicAddress } from './media-address.ts';
import type { InboundMedia } from './messaging.ts';
import type { CallOptions } from './provider.ts';
import { createRefusal } from './refusal.ts';

/** What {@link createMediaDownload} takes. */
export interface MediaDownloadOptions {
  readonly provider: string;
  /** Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch;
  /** From the start to the last byte; default 60,000. */
  readonly timeoutMs?: number;
  /** What the host of a URL may be shown; `undefined` for every URL but those of the carrier's own media. */
  readonly authorizationFor?: (url: URL) => string | undefined;
  /** Whether media may lie on this machine, as they do with a simulator; default false. */
  readonly allowsLoopback?: boolean;
  /**
   * Finds the IP addresses of a host, as `dns.promises.lookup` with `all` does: a name that leads into our own network is
   * then refused; one whose address changes before `fetch` looks it up again is not. Default: names are not looked up,
   * which is enough while the carrier alone chooses them.
   */
  readonly resolveAddresses?: (hostname: string) => Promise<readonly string[]>;
  /** What an HTTP status means at this carrier; nothing was performed. */
  readonly toError: (response: {
    readonly status: number;
    readonly retryAfter: string | undefined;
  }) => TelephonyError;
}

const maxRedirectCount = 3;
const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * Makes the `fetchMedia` of a provider: https only, at most three redirects, followed by hand, because each may lead to
 * a host that must not see the credentials, or into our own network.
 *
 * @throws {TelephonyError} from the function that it makes; always `not-performed`
 * @example
 * const fetchMedia = createMediaDownload({ provider: 'mycarrier', toError: ({ status }) => myError(status) });
 */
export function createMediaDownload(
  options: MediaDownloadOptions,
): (media: InboundMedia, callOptions?: CallOptions) => Promise<Response> {
  const { provider, timeoutMs = 60_000, authorizationFor, allowsLoopback = false } = options;
  const refuse = createRefusal(provider);

  const assertPublic = async ({ hostname }: URL): Promise<void> => {
    if (options.resolveAddresses === undefined || (allowsLoopback && isLoopbackHost(hostname)))
      return;
    const addresses = await options.resolveAddresses(hostname).catch(() => {
      throw refuse('network', 'the host of the media has no address');
    });
    if (addresses.length === 0 || !addresses.every(isPublicAddress)) {
      throw refuse('invalid_request', 'the host of the media is not on the public internet');
    }
  };

  return async (media, callOptions) => {
    const signal = callOptions?.signal;
    if (signal?.aborted === true) throw refuse('aborted', 'the call was aborted before it began');
    const fetch = options.fetch ?? globalThis.fetch;
    const timeout = AbortSignal.timeout(timeoutMs);
    let url = media.url;
    // Once a redirect has led elsewhere, whoever is there chooses what comes next: no credentials any more.
    let isTrusted = true;
    for (let redirectCount = 0; ; redirectCount += 1) {
      const problem = problemOf(url, allowsLoopback);
      if (problem !== undefined) throw refuse('invalid_request', problem);
      await assertPublic(url);
      const authorization = isTrusted ? authorizationFor?.(url) : undefined;
      const response = await fetch(url, {
        headers: authorization === undefined ? {} : { authorization },
        redirect: 'manual',
        signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      }).catch((failure: unknown) => {
        const { code, message } = toTransportError(failure, { provider, signal });
        throw refuse(code, message);
      });
      if (response.ok) return response;
      await response.body?.cancel().catch(() => undefined);
      const { status, headers } = response;
      const location = headers.get('location');
      if (!redirects.has(status) || location === null) {
        throw options.toError({ status, retryAfter: headers.get('retry-after') ?? undefined });
      }
      if (redirectCount === maxRedirectCount) {
        throw refuse('malformed_response', `more than ${maxRedirectCount} redirects to the media`);
      }
      if (!URL.canParse(location, url.href)) {
        throw refuse('malformed_response', 'the media redirect to no URL');
      }
      url = new URL(location, url.href);
      isTrusted &&= url.origin === media.url.origin;
    }
  };
}

/** No other scheme, and no machine of our own network: a media host has a name. */
function problemOf(url: URL, allowsLoopback: boolean): string | undefined {
  const isLoopback = isLoopbackHost(url.hostname);
  if (allowsLoopback && isLoopback && /^https?:$/u.test(url.protocol)) return undefined;
  if (url.protocol !== 'https:') return 'media are fetched over https only';
  if (url.username !== '' || url.password !== '') {
    return 'media are not fetched from a URL with credentials';
  }
  if (isLoopback || /^\[|^\d+(?:\.\d+){3}$/u.test(url.hostname)) {
    return 'media are fetched from hosts with a name only';
  }
  // A name without a dot, or below one of these, is known in one network alone: ours.
  if (
    /^[^.]+\.?$|\.(?:local|localdomain|internal|intranet|lan|home\.arpa)\.?$/u.test(url.hostname)
  ) {
    return 'media are fetched from hosts of the public internet only';
  }
  return undefined;
}
