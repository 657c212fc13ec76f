import {
  type CallOptions,
  createRestClient,
  type HttpResponse,
  type HttpTransport,
  isJsonObject,
  type JsonObject,
  malformedAnswer,
  objectIn,
  objectsIn,
  type TelephonyError,
  textIn,
} from '@openclaw/telephony-core';
import type { TelnyxHost } from './base-url.ts';
import type { TelnyxCredentials } from './credentials.ts';
import { type CarrierError, errorNumberIn, telnyxProviderId, toTelnyxError } from './errors.ts';

/** One request to the API. */
export interface RestRequest {
  /** `POST` creates, `PATCH` changes, and both have a body; `GET` only reads. */
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** Below `/v2`, beginning with a slash. */
  readonly path: string;
  readonly query?: URLSearchParams;
  readonly json?: JsonObject;
}

/** Speaks to Telnyx's REST API: one request each, never repeated. */
export type RestClient = (request: RestRequest, options?: CallOptions) => Promise<JsonObject>;

/** What {@link createTelnyxRestClient} takes. */
export interface TelnyxRestClientOptions {
  readonly host: TelnyxHost;
  readonly credentials: TelnyxCredentials;
  readonly transport: HttpTransport;
  readonly now: () => Date;
}

const who = { provider: telnyxProviderId, carrier: 'Telnyx' };

/** Makes the client. It resolves with the object in a 2xx answer, and rejects with a {@link TelephonyError} else. */
export function createTelnyxRestClient(options: TelnyxRestClientOptions): RestClient {
  const { host, credentials, transport, now } = options;
  return createRestClient<RestRequest>({
    ...who,
    transport,
    creates: ({ method }) => method !== 'GET',
    toHttpRequest: ({ method, path, query, json }) => ({
      method,
      url: new URL(`${host.base}/v2${path}${query === undefined ? '' : `?${query.toString()}`}`),
      headers: {
        accept: 'application/json',
        authorization: credentials.authorization,
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    }),
    toError: ({ response, body, creates }) =>
      toTelnyxError({
        status: response.status,
        retryAfter: response.header('retry-after') ?? resetOf(response),
        errors: errorsIn(body),
        now: now(),
        creates,
      }),
  });
}

/** A 2xx answer that lacks what it must have. What was asked for may have happened. */
export function malformed(missing: string, creates: boolean): TelephonyError {
  return malformedAnswer(missing, { ...who, creates });
}

/** The object that every answer has in `data`. */
export function dataOf(body: JsonObject, creates: boolean): JsonObject {
  const { data } = body;
  if (!isJsonObject(data)) throw malformed('any data', creates);
  return data;
}

/** The header stands in every answer; only in a 429 does it say when to come again. */
function resetOf(response: Pick<HttpResponse, 'status' | 'header'>): string | undefined {
  return response.status === 429 ? response.header('x-ratelimit-reset') : undefined;
}

function errorsIn(body: JsonObject | undefined): readonly CarrierError[] {
  return objectsIn(body ?? {}, 'errors').flatMap((error) => {
    const code = errorNumberIn(error);
    if (code === undefined) return [];
    const pointer = textIn(objectIn(error, 'source'), 'pointer') ?? '';
    const [, end] = /^\/(from|to)(?:\/|$)/u.exec(pointer) ?? [];
    const about = end === 'from' ? 'sender' : end === 'to' ? 'recipient' : undefined;
    return { code, about };
  });
}
