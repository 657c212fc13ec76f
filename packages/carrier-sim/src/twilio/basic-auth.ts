import { readBasicCredentials } from '../carrier/basic-credentials.ts';
import { ApiError } from './api-reply.ts';
import type { TwilioSimOptions } from './options.ts';

/** Who asks: the account itself or a main key (`full`), or a standard API key. */
export type Access = 'full' | 'standard';

/**
 * Checks the credentials of a request to the REST API (RFC 7617).
 *
 * @throws {ApiError} 20003
 */
export function authenticate(
  authorization: string | undefined,
  { accountSid, authToken, apiKeys = [] }: TwilioSimOptions,
): Access {
  const credentials = readBasicCredentials(authorization);
  if (credentials === undefined) throw new ApiError(20_003, 'no user name and password');
  const { user, password } = credentials;
  if (user === accountSid && password === authToken) return 'full';
  const key = apiKeys.find(({ sid, secret }) => sid === user && secret === password);
  if (key === undefined) throw new ApiError(20_003, 'wrong user name or password');
  return key.main === true ? 'full' : 'standard';
}
