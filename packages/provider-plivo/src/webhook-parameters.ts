import type { VerifiedWebhook } from '@openclaw/telephony-core';

/** The signed fields of a webhook, decoded. */
export interface PlivoParameters extends Iterable<readonly [name: string, value: string]> {
  readonly size: number;
  get(name: string): string | undefined;
}

/** Reads the fields of a webhook that somebody else verified: of the query for a GET, of the form for a POST. */
export function readParameters({ method, url, body }: VerifiedWebhook): PlivoParameters {
  const query = url.indexOf('?');
  const search =
    method.toUpperCase() === 'GET'
      ? url.slice(query < 0 ? url.length : query + 1)
      : new TextDecoder().decode(body);
  const parameters = new URLSearchParams(search);
  return {
    size: parameters.size,
    get: (name) => parameters.get(name) ?? undefined,
    [Symbol.iterator]: () => parameters.entries(),
  };
}
