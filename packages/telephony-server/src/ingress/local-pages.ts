import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Health, HealthReport } from '../observe/health.ts';
import { type Logger, reasonOf } from '../observe/logger.ts';
import type { MetricsText } from '../observe/metrics.ts';
import { isFromThisMachine } from './peer.ts';
import { refusal } from './refusal.ts';
import { answer, refuse } from './responses.ts';

/** Answers `/health` and `/metrics`. */
export type LocalPages = (
  request: IncomingMessage,
  response: ServerResponse,
  page: 'health' | 'metrics',
) => void;

/** What {@link createLocalPages} takes. */
export interface LocalPagesOptions {
  /** One for each account that is served. */
  readonly accounts: readonly Health[];
  readonly renderMetrics?: () => Promise<MetricsText>;
  readonly logger: Logger;
}

/**
 * Makes the pages for people and monitors. Everybody is told that the server is alive; how it is, and what it counts, only
 * who asks on this machine.
 */
export function createLocalPages(options: LocalPagesOptions): LocalPages {
  const { accounts, renderMetrics, logger } = options;
  const alive = json(200, { ok: true, ...nameAll(accounts) });

  async function metrics(response: ServerResponse, render: () => Promise<MetricsText>) {
    for (const account of accounts) {
      await account.measure().catch((error: unknown) => {
        // What was counted is worth having while the store is not.
        logger.warn({ reason: reasonOf(error) }, 'the queues could not be measured');
      });
    }
    answer(response, { status: 200, ...(await render()) });
  }
  async function deep(response: ServerResponse): Promise<void> {
    const reports = await Promise.all(accounts.map((account) => account.report()));
    const ok = reports.every((report) => report.ok);
    answer(response, json(ok ? 200 : 503, join(ok, reports)));
  }

  return (request, response, page) => {
    const isLocal = isFromThisMachine(request);
    if (page === 'metrics' && (renderMetrics === undefined || !isLocal)) {
      return refuse(response, refusal(404, 'not found'));
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return refuse(response, refusal(405, 'only GET is answered here'), 'GET, HEAD');
    }
    const isDeep = page === 'health' && isLocal && asksDeep(request.url ?? '');
    if (page === 'health' && !isDeep) return answer(response, alive);
    const work =
      isDeep || renderMetrics === undefined ? deep(response) : metrics(response, renderMetrics);
    work.catch((error: unknown) => {
      logger.error({ page, reason: reasonOf(error) }, 'page failed');
      if (!response.headersSent) refuse(response, refusal(500, 'failed'));
    });
  };
}

/** One account speaks for itself, several stand under their names. */
function join(ok: boolean, reports: readonly HealthReport[]): object {
  const [first] = reports;
  if (reports.length === 1 && first !== undefined) return first;
  return { ok, accounts: Object.fromEntries(reports.map((report) => [report.account, report])) };
}
function nameAll(accounts: readonly Health[]): object {
  const providers = [...new Set(accounts.map(({ provider }) => provider))];
  return providers.length === 1 ? { provider: providers[0] } : { providers };
}

const asksDeep = (target: string): boolean => /\?(?:[^#]*&)?deep=1(?:&|#|$)/u.test(target);

const json = (status: number, value: unknown) => ({
  status,
  contentType: 'application/json',
  body: `${JSON.stringify(value)}\n`,
});
