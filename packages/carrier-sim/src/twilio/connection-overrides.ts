import type { WebhookAttempt } from '../carrier/webhook-request.ts';

/** What makes the carrier try again. */
export type RetryReason = 'ct' | 'rt' | '4xx' | '5xx';

/** How one webhook URL is called. */
export interface ConnectionPolicy {
  readonly connectTimeoutMs: number;
  readonly readTimeoutMs: number;
  /** With all retries. */
  readonly totalTimeoutMs: number;
  readonly retryCount: number;
  readonly retryOn: ReadonlySet<RetryReason>;
}

const reasons: readonly RetryReason[] = ['ct', 'rt', '4xx', '5xx'];

/**
 * Reads the overrides that a webhook URL may carry in its fragment, as in
 * `https://hooks.example.com/sms#rc=2&rp=ct,5xx&rt=4000`.
 *
 * Known are `ct`, `rt`, `tt` (milliseconds), `rc` (0 to 5) and `rp` (`ct`, `rt`, `4xx`, `5xx`, `all`). A value out of its
 * range counts as not given; `e` (the edge) and `sni` mean nothing on a loopback.
 */
export function readConnectionPolicy(
  url: string,
  defaults: Pick<ConnectionPolicy, 'connectTimeoutMs' | 'readTimeoutMs' | 'totalTimeoutMs'>,
): ConnectionPolicy {
  const given = new URLSearchParams(/#(.*)$/u.exec(url)?.[1] ?? '');
  const number = (name: string, min: number, max: number, otherwise: number): number => {
    const value = given.get(name);
    if (value === null || !/^\d{1,5}$/u.test(value)) return otherwise;
    return Number(value) < min || Number(value) > max ? otherwise : Number(value);
  };
  return {
    connectTimeoutMs: number('ct', 100, 10_000, defaults.connectTimeoutMs),
    readTimeoutMs: number('rt', 100, 15_000, defaults.readTimeoutMs),
    totalTimeoutMs: number('tt', 100, 15_000, defaults.totalTimeoutMs),
    retryCount: number('rc', 0, 5, 1),
    retryOn: readReasons(given.get('rp')),
  };
}

function readReasons(value: string | null): ReadonlySet<RetryReason> {
  const words = (value ?? 'ct').split(',');
  if (words.includes('all')) return new Set(reasons);
  const known = reasons.filter((reason) => words.includes(reason));
  return new Set(known.length === 0 ? ['ct'] : known);
}

/** Why an attempt would be repeated, or `undefined` when it would not be, whatever the policy. */
export function retryReason({ status, error }: WebhookAttempt): RetryReason | undefined {
  if (error === 'connect-failed' || error === 'connect-timeout') return 'ct';
  if (error === 'read-timeout' || error === 'connection-lost') return 'rt';
  if (status === undefined) return undefined;
  if (status >= 500) return '5xx';
  return status >= 400 ? '4xx' : undefined;
}
