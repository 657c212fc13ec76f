import { TelephonyError } from '@openclaw/telephony-core';
import { plivoProviderId } from './errors.ts';

/**
 * Does what comes after a first successful change: whatever it fails with, something has happened already, so the error
 * must not say `not-performed`.
 *
 * @param done what has happened, for whoever reads the error
 */
export async function afterChange<T>(done: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!TelephonyError.isInstance(error)) throw error;
    const { httpStatus, retryAfterMs } = error;
    throw new TelephonyError(error.code, `${error.message}; before that, ${done}`, {
      provider: plivoProviderId,
      outcome: 'unknown',
      ...(httpStatus === undefined ? {} : { httpStatus }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      cause: error,
    });
  }
}
