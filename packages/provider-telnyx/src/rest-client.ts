import {
  type CallOptions,
  type HttpResponse,
  type HttpTransport,
  TelephonyError,
  toTransportError,
} from '@openclaw/telephony-core';
import type { TelnyxHost } from './base-url.ts';
import type { TelnyxCredentials } from './credentials.ts';
import {
  type CarrierError,
  errorNumberIn,
  refuse,
  telnyxProviderId,
  toTelnyxError,
} from './errors.ts';
import { isRecord, type JsonRecord, parseJsonObject, recordIn, recordsIn, textIn } from './json.ts';

/** One request to the API. */
export interface RestRequest {
  /** `POST` creates, `PATCH` changes, and both have a body; `GET` only reads. */
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** Below `/v2`, beginning with a slash. */
  readonly path: string;
  readonly query?: URLSearchParams;
  readonly json?: JsonRecord;
}

/** Speaks to Telnyx's REST API: one request each, never repeated. */
export type RestClient = (request: RestRequest, options?: CallOptions) => Promise<JsonRecord>;

/** What {@link createRestClient} takes. */
export interface RestClientOptions {
  readonly host: TelnyxHost;
  readonly credentials: TelnyxCredentials;
  readonly transport: HttpTransport;
  readonly now: () => Date;
}

/** Makes the client. It resolves with the object in a 2xx answer, and rejects with a {@link TelephonyError} else. */
export function createRestClient(options: RestClientOptions): RestClient {
  const { host, credentials, transport, now } = options;
  return async ({ method, path, query, json }, callOptions) => {
    const signal = callOptions?.signal;
    if (signal?.aborted === true) {
      throw refuse('aborted', 'the call was aborted before the request left');
    }
    const creates = method !== 'GET';
    const search = query === undefined ? '' : `?${query.toString()}`;
    let response: HttpResponse;
    let text: string;
    try {
      response = await transport({
        method,
        url: new URL(`${host.base}/v2${path}${search}`),
        headers: {
          accept: 'application/json',
          authorization: credentials.authorization,
          ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(json === undefined ? {} : { body: JSON.stringify(json) }),
        ...(signal === undefined ? {} : { signal }),
      });
      text = await response.text();
    } catch (failure) {
      const error = toTransportError(failure, { provider: telnyxProviderId, signal });
      // Reading can always be tried again.
      throw creates ? error : refuse(error.code, error.message);
    }
    const body = parseJsonObject(text);
    if (response.status < 200 || response.status > 299) {
      throw toTelnyxError({
        status: response.status,
        retryAfter: response.header('retry-after') ?? resetOf(response),
        errors: errorsIn(body),
        now: now(),
        creates,
      });
    }
    if (body === undefined) throw malformed('a JSON object', creates);
    return body;
  };
}

/** A 2xx answer that lacks what it must have. What was asked for may have happened. */
export function malformed(missing: string, creates: boolean): TelephonyError {
  return new TelephonyError('malformed_response', `Telnyx answered, but without ${missing}`, {
    provider: telnyxProviderId,
    outcome: creates ? 'unknown' : 'not-performed',
  });
}

/** The object that every answer has in `data`. */
export function dataOf(body: JsonRecord, creates: boolean): JsonRecord {
  const { data } = body;
  if (!isRecord(data)) throw malformed('any data', creates);
  return data;
}

/** The header stands in every answer; only in a 429 does it say when to come again. */
function resetOf(response: HttpResponse): string | undefined {
  return response.status === 429 ? response.header('x-ratelimit-reset') : undefined;
}

function errorsIn(body: JsonRecord | undefined): readonly CarrierError[] {
  return recordsIn(body ?? {}, 'errors').flatMap((error) => {
    const code = errorNumberIn(error);
    if (code === undefined) return [];
    const pointer = textIn(recordIn(error, 'source'), 'pointer') ?? '';
    const [, end] = /^\/(from|to)(?:\/|$)/u.exec(pointer) ?? [];
    const about = end === 'from' ? 'sender' : end === 'to' ? 'recipient' : undefined;
    return { code, about };
  });
}
