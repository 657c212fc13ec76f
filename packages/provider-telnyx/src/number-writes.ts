import { type CallOptions, TelephonyError } from '@openclaw/telephony-core';
import type { RestClient, RestRequest } from './rest-client.ts';

/**
 * Makes several changes, one after the other. Each may fail as `not-performed`, but once one has succeeded that is
 * not true of all of them: then the failure is `unknown`.
 */
export async function writeInTurn(
  rest: RestClient,
  writes: readonly RestRequest[],
  callOptions: CallOptions | undefined,
): Promise<void> {
  for (const [index, write] of writes.entries()) {
    try {
      await rest(write, callOptions);
    } catch (error) {
      throw index > 0 && TelephonyError.isInstance(error) ? halfDone(error) : error;
    }
  }
}

function halfDone(error: TelephonyError): TelephonyError {
  const { provider, httpStatus, providerCode, retryAfterMs } = error;
  return new TelephonyError(
    error.code,
    `the number was changed in part, so apply it again: ${error.message}`,
    {
      provider,
      outcome: 'unknown',
      ...(httpStatus === undefined ? {} : { httpStatus }),
      ...(providerCode === undefined ? {} : { providerCode }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    },
  );
}
