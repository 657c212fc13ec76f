import { createLocalPages } from './local-pages.ts';
import { type Logger, silentLogger } from '../observe/logger.ts';
import type { MetricsText } from '../observe/metrics.ts';
import type { NodeHandler } from './node-handler.ts';
import type { TelephonyServer } from '../server-types.ts';

/**
 * Answers `/health` and `/metrics` for several servers behind one listener; every other request goes on to `otherwise`.
 * A single server answers both itself.
 *
 * `GET /health?deep=1` is then `{ ok, accounts: { [accountId]: HealthReport } }`, and 503 when one of them is unhealthy.
 *
 * @example
 * const handler = mountStatusPages([berlin, paris], byPath, { renderMetrics });
 * await listen(handler, { port: 3335, bind: '127.0.0.1' });
 */
export function mountStatusPages(
  servers: readonly Pick<TelephonyServer, 'health' | 'measure' | 'provider'>[],
  otherwise: NodeHandler,
  options: {
    readonly renderMetrics?: () => Promise<MetricsText>;
    readonly logger?: Logger;
  } = {},
): NodeHandler {
  const { logger = silentLogger, renderMetrics } = options;
  const pages = createLocalPages({
    accounts: servers.map((server) => ({
      provider: server.provider,
      report: () => server.health(),
      measure: () => server.measure(),
    })),
    logger,
    ...(renderMetrics ? { renderMetrics } : {}),
  });
  return (request, response) => {
    const page = /^\/(health|metrics)\/?(?:[?#]|$)/u.exec(request.url ?? '')?.[1];
    if (page === 'health' || page === 'metrics') return pages(request, response, page);
    otherwise(request, response);
  };
}
