import { parseApiBase } from '@openclaw/telephony-core';
import { refuse, twilioProviderId } from './errors.ts';

/** Which of Twilio's hosts is spoken to. */
export interface TwilioHostOptions {
  /** Where the account's data live, as `ie1` or `au1`; credentials belong to one region. Default: `us1`. */
  readonly region?: string;
  /** Where Twilio's network is entered, as `dublin` or `sao-paulo`. Default: the nearest. */
  readonly edge?: string;
  /** Replaces the host altogether: https, or http on loopback. For simulators and proxies. */
  readonly baseUrl?: string | URL;
}

/** Where requests go, and who may see the credentials. */
export interface TwilioHost {
  /** Without a slash at its end. */
  readonly base: string;
  /** The origins that belong to Twilio, or to whoever stands in for it. */
  readonly ownOrigins: ReadonlySet<string>;
  /** What stands before `/2010-04-01` in a path: nothing, or the path of a `baseUrl`. */
  readonly path: string;
  /** Where messaging services are read; `undefined` in a region, where Twilio has no such host. */
  readonly messagingBase: string | undefined;
  readonly isLoopback: boolean;
}

const defaultOrigin = 'https://api.twilio.com';
const defaultMessagingBase = 'https://messaging.twilio.com';

/** Turns region, edge or base URL into one host; both are closed patterns, so that no setting names another host. */
export function resolveHost({ region, edge, baseUrl }: TwilioHostOptions): TwilioHost {
  if (baseUrl !== undefined) {
    if (region !== undefined || edge !== undefined) {
      throw refuse('invalid_request', 'baseUrl replaces the host: leave region and edge out');
    }
    return fromBaseUrl(baseUrl);
  }
  if (region !== undefined && !/^[a-z]{2}\d$/u.test(region)) {
    throw refuse('invalid_request', 'region is two letters and a digit, as in ie1 or au1');
  }
  if (edge !== undefined && !/^[a-z]+(?:-[a-z]+)*$/u.test(edge)) {
    throw refuse('invalid_request', 'edge is letters and dashes, as in dublin or sao-paulo');
  }
  // An edge is only understood before a region.
  const labels = edge === undefined ? region : `${edge}.${region ?? 'us1'}`;
  const base = labels === undefined ? defaultOrigin : `https://api.${labels}.twilio.com`;
  // The media of a webhook name the region alone, whatever edge the requests go through.
  const regional = labels === undefined ? [] : [`https://api.${region ?? 'us1'}.twilio.com`];
  return {
    base,
    ownOrigins: new Set([base, defaultOrigin, ...regional]),
    path: '',
    messagingBase: labels === undefined ? defaultMessagingBase : undefined,
    isLoopback: false,
  };
}

function fromBaseUrl(baseUrl: string | URL): TwilioHost {
  const { origin, path, isLoopback } = parseApiBase(baseUrl, twilioProviderId);
  const base = origin + path;
  return { base, ownOrigins: new Set([origin]), path, messagingBase: base, isLoopback };
}
