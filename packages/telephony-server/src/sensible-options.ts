import type { InboundLimits } from './ingress/endpoint.ts';
import type { TelephonyServerOptions } from './server-types.ts';

/** What each limit must be at least: with less, a server would take in nothing and say so to nobody. */
const least: { readonly [Name in keyof InboundLimits]-?: number } = {
  textsPerSenderPerMinute: 1,
  textsPerNumberPerMinute: 1,
  maxWaitingPerSender: 1,
  maxWaiting: 1,
  failuresPerMinute: 0,
  maxReads: 1,
  maxReadsPerPeer: 1,
};

/**
 * Refuses numbers that a server cannot work with before it begins.
 *
 * @throws {RangeError} that names the option
 */
export function assertSensible(
  options: Pick<TelephonyServerOptions, 'limits' | 'handlerTimeoutMs' | 'maxConcurrentSessions'>,
): void {
  const { limits = {}, handlerTimeoutMs = Infinity, maxConcurrentSessions = 1 } = options;
  for (const [name, value = Infinity] of Object.entries(limits)) {
    const lowest = new Map<string, number>(Object.entries(least)).get(name) ?? 0;
    if (value === Infinity || isWholeFrom(lowest, value)) continue;
    throw new RangeError(`limits.${name} must be a whole number from ${lowest} up, or Infinity`);
  }
  if (!isWholeFrom(1, maxConcurrentSessions)) {
    throw new RangeError('maxConcurrentSessions must be a whole number from 1 up');
  }
  if (!(handlerTimeoutMs > 0)) throw new RangeError('handlerTimeoutMs must be a number above 0');
}

const isWholeFrom = (lowest: number, value: number): boolean =>
  Number.isInteger(value) && value >= lowest;
