import { WebhookVerificationError } from './error.ts';

/** The end of `scheme://` and of the authority behind it. Throws `malformed_request`. */
function authorityRange(url: string): readonly [start: number, end: number] {
  const start = url.indexOf('://') + 3;
  const rest = url.slice(start).search(/[/?#]/u);
  const end = rest < 0 ? url.length : start + rest;
  return [start, end];
}

const urlShape = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]/iu;

/** Whether the text can be the URL that Twilio signed. */
export function isSignableUrl(url: string): boolean {
  return urlShape.test(url) && !url.includes('#');
}

/** Throws `malformed_request` unless the text can be the URL that Twilio signed. */
export function requireSignableUrl(url: string): void {
  if (isSignableUrl(url)) return;
  throw new WebhookVerificationError(
    'malformed_request',
    urlShape.test(url)
      ? 'The url has a fragment, which Twilio neither sends nor signs: strip it (resolveSignedUrl does).'
      : 'The url must be the full public URL, with its scheme and host.',
  );
}

/**
 * The other form of the URL that Twilio may have signed: without its port, or with the default one
 * when it has none. Undefined when there is no such form.
 */
export function otherPortForm(url: string): string | undefined {
  const [start, end] = authorityRange(url);
  const authority = url.slice(start, end);
  // A colon starts the port only behind the userinfo and the bracket of an IPv6 address.
  const hostStart = Math.max(authority.lastIndexOf('@'), authority.lastIndexOf(']')) + 1;
  const colon = authority.indexOf(':', hostStart);
  if (colon >= 0) return url.slice(0, start + colon) + url.slice(end);
  const scheme = url.slice(0, start).toLowerCase();
  if (scheme === 'https://' || scheme === 'wss://')
    return `${url.slice(0, end)}:443${url.slice(end)}`;
  if (scheme === 'http://' || scheme === 'ws://') return `${url.slice(0, end)}:80${url.slice(end)}`;
  return undefined;
}

/** The first `bodySHA256` of the query; undefined when the URL has none, "" when it is empty. */
export function signedBodyDigest(url: string): string | undefined {
  if (!url.includes('bodySHA256')) return undefined;
  const query = url.indexOf('?');
  if (query < 0) return undefined;
  return new URLSearchParams(url.slice(query)).get('bodySHA256') ?? undefined;
}
