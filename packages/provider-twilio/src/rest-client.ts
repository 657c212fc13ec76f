import {
  type CallOptions,
  type HttpResponse,
  type HttpTransport,
  TelephonyError,
  toTransportError,
} from '@openclaw/telephony-core';
import type { TwilioHost } from './base-url.ts';
import type { TwilioCredentials } from './credentials.ts';
import { refuse, toTwilioError, twilioProviderId } from './errors.ts';
import { type JsonRecord, parseJsonObject } from './json.ts';

/** One request to the API. */
export interface RestRequest {
  /** What `path` is below; default: `/2010-04-01/Accounts/{AccountSid}` of the host. */
  readonly root?: string;
  /** Begins with a slash. */
  readonly path: string;
  readonly query?: URLSearchParams;
  /** Makes it a POST, which creates or changes something; without it, it is a GET. */
  readonly form?: URLSearchParams;
}

/** Speaks to Twilio's REST API: one request each, never repeated. */
export type RestClient = (request: RestRequest, options?: CallOptions) => Promise<JsonRecord>;

/** What {@link createRestClient} takes. */
export interface RestClientOptions {
  readonly host: TwilioHost;
  readonly credentials: TwilioCredentials;
  readonly transport: HttpTransport;
  readonly now: () => Date;
}

/** Makes the client. It resolves with the object in a 2xx answer, and rejects with a {@link TelephonyError} else. */
export function createRestClient(options: RestClientOptions): RestClient {
  const { host, credentials, transport, now } = options;
  const accountRoot = `${host.base}/2010-04-01/Accounts/${credentials.accountSid}`;
  return async ({ root = accountRoot, path, query, form }, callOptions) => {
    const signal = callOptions?.signal;
    if (signal?.aborted === true) {
      throw refuse('aborted', 'the call was aborted before the request left');
    }
    const creates = form !== undefined;
    const search = query === undefined ? '' : `?${query.toString()}`;
    let response: HttpResponse;
    let text: string;
    try {
      response = await transport({
        method: creates ? 'POST' : 'GET',
        url: new URL(`${root}${path}${search}`),
        headers: {
          accept: 'application/json',
          authorization: credentials.authorization,
          ...(creates ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
        },
        ...(creates ? { body: form.toString() } : {}),
        ...(signal === undefined ? {} : { signal }),
      });
      text = await response.text();
    } catch (failure) {
      const error = toTransportError(failure, { provider: twilioProviderId, signal });
      throw creates ? error : withoutEffect(error);
    }
    const body = parseJsonObject(text);
    if (response.status < 200 || response.status > 299) {
      throw toTwilioError({
        status: response.status,
        retryAfter: response.header('retry-after'),
        providerCode: providerCodeIn(body),
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
  return new TelephonyError('malformed_response', `Twilio answered, but without ${missing}`, {
    provider: twilioProviderId,
    outcome: creates ? 'unknown' : 'not-performed',
  });
}

/** Reading can always be tried again. */
function withoutEffect(error: TelephonyError): TelephonyError {
  return refuse(error.code, error.message);
}

function providerCodeIn(body: JsonRecord | undefined): string | undefined {
  const code = body?.['code'];
  return typeof code === 'number' && Number.isSafeInteger(code) && code > 0
    ? String(code)
    : undefined;
}
