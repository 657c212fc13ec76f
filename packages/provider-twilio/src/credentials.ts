import { refuse } from './errors.ts';

/** Who we are to Twilio. */
export interface TwilioCredentialOptions {
  /** `AC` and 32 hexadecimal digits. */
  readonly accountSid: string;
  /**
   * Signs the webhooks, and stands for the password of the API unless there is an `apiKey`. Several while one
   * replaces another: all are believed in webhooks, the first is used for requests.
   */
  readonly authToken: string | readonly string[];
  /** Replaces the auth token in requests, so that it can be revoked alone: `SK` and 32 hexadecimal digits. */
  readonly apiKey?: { readonly sid: string; readonly secret: string };
}

/** Credentials that were checked. */
export interface TwilioCredentials {
  readonly accountSid: string;
  readonly authTokens: readonly string[];
  /** The value of the `Authorization` header. */
  readonly authorization: string;
}

/** Refuses what cannot be credentials; an empty auth token would believe every webhook that is signed with it. */
export function readCredentials(options: TwilioCredentialOptions): TwilioCredentials {
  const { accountSid, authToken, apiKey } = options;
  const authTokens = typeof authToken === 'string' ? [authToken] : [...(authToken ?? [])];
  if (!/^AC[0-9A-Za-z]+$/u.test(accountSid)) {
    throw refuse(
      'invalid_request',
      'accountSid must be AC and then letters and digits, as the Twilio console shows it',
    );
  }
  if (authTokens.length === 0 || authTokens.some((token) => token.trim() === '')) {
    throw refuse(
      'invalid_request',
      'authToken is empty: set it to the auth token of the account, which signs the webhooks',
    );
  }
  if (apiKey !== undefined && !/^SK[0-9A-Za-z]+$/u.test(apiKey.sid)) {
    throw refuse(
      'invalid_request',
      'apiKey.sid must be SK and then letters and digits, as the Twilio console shows it',
    );
  }
  if (apiKey !== undefined && apiKey.secret.trim() === '') {
    throw refuse('invalid_request', 'apiKey.secret is empty');
  }
  const [user, password] =
    apiKey === undefined ? [accountSid, authTokens[0] ?? ''] : [apiKey.sid, apiKey.secret];
  const bytes = new TextEncoder().encode(`${user}:${password}`);
  return {
    accountSid,
    authTokens,
    authorization: `Basic ${btoa(String.fromCharCode(...bytes))}`,
  };
}
