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
  const encoded = /^Basic\s+([A-Za-z0-9+/=]+)$/iu.exec(authorization ?? '')?.[1];
  if (encoded === undefined) throw new ApiError(20_003, 'no user name and password');
  const [user = '', ...rest] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  const password = rest.join(':');
  if (user === accountSid && password === authToken) return 'full';
  const key = apiKeys.find(({ sid, secret }) => sid === user && secret === password);
  if (key === undefined) throw new ApiError(20_003, 'wrong user name or password');
  return key.main === true ? 'full' : 'standard';
}
