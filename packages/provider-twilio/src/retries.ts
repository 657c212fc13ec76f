/**
 * How often Twilio tries a webhook again, and after what: five times, after anything that is no 2xx. Left to itself, it
 * tries once, and only when it could not connect: a server that asks it to come again would be heard by nobody.
 *
 * @see https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
 */
const retries = '#rc=5&rp=all';

/** The URL as Twilio is told it. A fragment of the caller's own stays: `#rc=0` is how to ask for no retries. */
export function withRetries(url: URL): URL {
  return url.hash === '' ? new URL(retries, url) : url;
}

/** The URL as we were told it: what `withRetries` put there is no part of it. */
export function withoutRetries(url: URL): URL {
  if (url.hash !== retries) return url;
  const plain = new URL(url);
  plain.hash = '';
  return plain;
}
