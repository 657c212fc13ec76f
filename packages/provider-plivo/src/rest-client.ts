import {
  type CallOptions,
  type HttpResponse,
  type HttpTransport,
  TelephonyError,
  toTransportError,
} from '@openclaw/telephony-core';
import type { PlivoHost } from './base-url.ts';
import type { PlivoCredentials } from './credentials.ts';
import { plivoProviderId, refuse, toPlivoError } from './errors.ts';
import { type JsonRecord, parseJsonObject, textIn } from './json.ts';

/** One request to the account's part of the API. */
export interface RestRequest {
  /** Below `/v1/Account/{auth_id}`, beginning and ending with a slash: without the last one, Plivo answers 404. */
  readonly path: string;
  readonly query?: URLSearchParams;
  /** Makes it a POST, which creates or changes something; without it, it is a GET. */
  readonly json?: JsonRecord;
  /** Makes it a DELETE, which may be repeated: what is gone stays gone. */
  readonly deletes?: true;
}

/** Speaks to Plivo's REST API: one request each, never repeated. */
export type RestClient = (request: RestRequest, options?: CallOptions) => Promise<JsonRecord>;

/** What {@link createRestClient} takes. */
export interface RestClientOptions {
  readonly host: PlivoHost;
  readonly credentials: PlivoCredentials;
  readonly transport: HttpTransport;
  readonly now: () => Date;
}

/** Makes the client. It resolves with the object in a 2xx answer, and rejects with a {@link TelephonyError} else. */
export function createRestClient(options: RestClientOptions): RestClient {
  const { host, credentials, transport, now } = options;
  const root = `${host.base}/v1/Account/${credentials.authId}`;
  return async ({ path, query, json, deletes }, callOptions) => {
    const signal = callOptions?.signal;
    if (signal?.aborted === true) {
      throw refuse('aborted', 'the call was aborted before the request left');
    }
    const creates = json !== undefined;
    const search = query === undefined ? '' : `?${query.toString()}`;
    let response: HttpResponse;
    let text: string;
    try {
      response = await transport({
        method: deletes ? 'DELETE' : creates ? 'POST' : 'GET',
        url: new URL(`${root}${path}${search}`),
        headers: {
          accept: 'application/json',
          authorization: credentials.authorization,
          ...(creates ? { 'content-type': 'application/json' } : {}),
        },
        ...(creates ? { body: JSON.stringify(json) } : {}),
        ...(signal === undefined ? {} : { signal }),
      });
      text = await response.text();
    } catch (failure) {
      const error = toTransportError(failure, { provider: plivoProviderId, signal });
      throw creates ? error : refuse(error.code, error.message);
    }
    const body = parseJsonObject(text);
    if (response.status < 200 || response.status > 299) {
      throw toPlivoError({
        status: response.status,
        retryAfter: response.header('retry-after'),
        sentence: body === undefined ? undefined : textIn(body, 'error'),
        now: now(),
        creates,
      });
    }
    if (body === undefined && deletes) return {};
    if (body === undefined) throw malformed('a JSON object', creates);
    return body;
  };
}

/** A 2xx answer that lacks what it must have. What was asked for may have happened. */
export function malformed(missing: string, creates: boolean): TelephonyError {
  return new TelephonyError('malformed_response', `Plivo answered, but without ${missing}`, {
    provider: plivoProviderId,
    outcome: creates ? 'unknown' : 'not-performed',
  });
}
