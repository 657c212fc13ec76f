import { appendFileSync } from 'node:fs';
import type { RecordedRequest } from './fixtures.ts';

/**
 * Writes every request that a provider makes into a file, one JSON object a line, so that a carrier's own API
 * description can be held against them: `{ carrier, method, path, contentType, body }`.
 *
 * @param file where lines are appended; without one, nothing is written
 * @param isOperation which requests are for the API, and not for a picture; default: all
 * @example
 * runProviderContract({ …, onRequest: recordRequests('requests.ndjson', 'mycarrier') }, { describe, it });
 */
export function recordRequests(
  file: string | undefined,
  carrier: string,
  isOperation: (url: URL) => boolean = () => true,
): (request: RecordedRequest) => void {
  return ({ method, url, headers, body }) => {
    if (file === undefined || file === '' || !isOperation(url)) return;
    const contentType = headers.get('content-type') ?? '';
    const path = url.pathname + url.search;
    appendFileSync(file, `${JSON.stringify({ carrier, method, path, contentType, body })}\n`);
  };
}
