import { refuse } from './errors.ts';

/** Who we are to Plivo. */
export interface PlivoCredentialOptions {
  /** `MA…` for an account, `SA…` for a subaccount: whose messages and numbers they are. */
  readonly authId: string;
  /**
   * The password of requests, and what webhooks are signed with. Several while one replaces another, or for the
   * subaccounts of an account: all are believed in webhooks, the first is used for requests.
   */
  readonly authToken: string | readonly string[];
}

/** Credentials that were checked. */
export interface PlivoCredentials {
  readonly authId: string;
  readonly authTokens: readonly string[];
  /** The value of the `Authorization` header. */
  readonly authorization: string;
}

/** Refuses what cannot be credentials; an empty auth token would believe every webhook that is signed with it. */
export function readCredentials({ authId, authToken }: PlivoCredentialOptions): PlivoCredentials {
  // It becomes part of a path.
  if (typeof authId !== 'string' || !/^[MS]A[0-9A-Za-z]+$/u.test(authId)) {
    throw refuse(
      'invalid_request',
      'authId must be MA, or SA for a subaccount, and then letters and digits, as the Plivo console shows it',
    );
  }
  const authTokens = typeof authToken === 'string' ? [authToken] : [...(authToken ?? [])];
  const [first = ''] = authTokens;
  if (first === '' || authTokens.some((token) => token.trim() === '')) {
    throw refuse(
      'invalid_request',
      'authToken is empty: set it to the auth token of the account, which signs the webhooks',
    );
  }
  const bytes = new TextEncoder().encode(`${authId}:${first}`);
  return {
    authId,
    authTokens,
    authorization: `Basic ${btoa(String.fromCharCode(...bytes))}`,
  };
}
