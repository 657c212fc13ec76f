import {
  type CallOptions,
  createRestClient,
  type HttpTransport,
  type JsonObject,
  malformedAnswer,
  type TelephonyError,
  textIn,
} from '@openclaw/telephony-core';
import type { PlivoHost } from './base-url.ts';
import type { PlivoCredentials } from './credentials.ts';
import { plivoProviderId, toPlivoError } from './errors.ts';

/** One request to the account's part of the API. */
export interface RestRequest {
  /** Below `/v1/Account/{auth_id}`, beginning and ending with a slash: without the last one, Plivo answers 404. */
  readonly path: string;
  readonly query?: URLSearchParams;
  /** Makes it a POST, which creates or changes something; without it, it is a GET. */
  readonly json?: JsonObject;
  /** Makes it a DELETE, which may be repeated: what is gone stays gone. */
  readonly deletes?: true;
}

/** Speaks to Plivo's REST API: one request each, never repeated. */
export type RestClient = (request: RestRequest, options?: CallOptions) => Promise<JsonObject>;

/** What {@link createPlivoRestClient} takes. */
export interface PlivoRestClientOptions {
  readonly host: PlivoHost;
  readonly credentials: PlivoCredentials;
  readonly transport: HttpTransport;
  readonly now: () => Date;
}

const who = { provider: plivoProviderId, carrier: 'Plivo' };

/** Makes the client. It resolves with the object in a 2xx answer, and rejects with a {@link TelephonyError} else. */
export function createPlivoRestClient(options: PlivoRestClientOptions): RestClient {
  const { host, credentials, transport, now } = options;
  const root = `${host.base}/v1/Account/${credentials.authId}`;
  return createRestClient<RestRequest>({
    ...who,
    transport,
    creates: ({ json }) => json !== undefined,
    mayAnswerNothing: ({ deletes }) => deletes === true,
    toHttpRequest: ({ path, query, json, deletes }) => ({
      method: deletes ? 'DELETE' : json === undefined ? 'GET' : 'POST',
      url: new URL(`${root}${path}${query === undefined ? '' : `?${query.toString()}`}`),
      headers: {
        accept: 'application/json',
        authorization: credentials.authorization,
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    }),
    toError: ({ response, body, creates }) =>
      toPlivoError({
        status: response.status,
        retryAfter: response.header('retry-after'),
        sentence: body === undefined ? undefined : textIn(body, 'error'),
        now: now(),
        creates,
      }),
  });
}

/** A 2xx answer that lacks what it must have. What was asked for may have happened. */
export function malformed(missing: string, creates: boolean): TelephonyError {
  return malformedAnswer(missing, { ...who, creates });
}
