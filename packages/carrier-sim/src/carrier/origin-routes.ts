import { isLoopback, parseTarget, type WebhookTarget } from './webhook-request.ts';

/** Where a public origin is really served: `{ 'https://hooks.example.com': 'http://127.0.0.1:3000' }`. */
export type OriginRoutes = Readonly<Record<string, string>>;

/** Where to connect to, and whom to ask for. */
export interface Route {
  readonly requested: WebhookTarget;
  readonly connectTo: WebhookTarget;
}

/**
 * Finds out where a URL is served.
 *
 * Only this machine, and origins that were named, are ever contacted: a test that mentions `https://hooks.example.com`
 * must not reach the real one. Mapping an origin to itself says that it may be.
 */
export function routeTo(
  url: string,
  origins: OriginRoutes,
): Route | 'invalid-request' | 'not-routed' {
  const requested = parseTarget(url);
  if (requested === undefined) return 'invalid-request';
  const origin = `${requested.encrypted ? 'https' : 'http'}://${requested.host}`.toLowerCase();
  const mapped = Object.entries(origins).find(
    ([from]) => from.replace(/\/$/u, '').toLowerCase() === origin,
  )?.[1];
  if (mapped === undefined) {
    return isLoopback(requested.hostname) ? { requested, connectTo: requested } : 'not-routed';
  }
  const connectTo = parseTarget(mapped);
  return connectTo === undefined ? 'invalid-request' : { requested, connectTo };
}
