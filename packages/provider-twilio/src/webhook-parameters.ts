import type { VerifiedWebhook } from '@openclaw/telephony-core';

/** The signed fields of a webhook, decoded. */
export interface TwilioParameters extends Iterable<readonly [name: string, value: string]> {
  readonly size: number;
  get(name: string): string | undefined;
  getAll(name: string): readonly string[];
}

/**
 * Reads the fields of a webhook that was verified before others: of the query for a GET, of the form for a POST. What the
 * `bodySHA256` of a URL vouches for is no form.
 */
export function readParameters({ method, url, body }: VerifiedWebhook): TwilioParameters {
  const start = url.indexOf('?');
  const query = start < 0 ? '' : url.slice(start + 1);
  const isJson = new URLSearchParams(query).has('bodySHA256');
  const form = isJson ? '' : new TextDecoder().decode(body);
  const parameters = new URLSearchParams(method.toUpperCase() === 'GET' ? query : form);
  return {
    size: parameters.size,
    get: (name) => parameters.get(name) ?? undefined,
    getAll: (name) => parameters.getAll(name),
    [Symbol.iterator]: () => parameters.entries(),
  };
}
