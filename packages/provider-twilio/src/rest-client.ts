import {
  type CallOptions,
  createRestClient,
  type HttpTransport,
  type JsonObject,
  malformedAnswer,
  positiveIntegerIn,
  type TelephonyError,
} from '@openclaw/telephony-core';
import type { TwilioHost } from './base-url.ts';
import type { TwilioCredentials } from './credentials.ts';
import { toTwilioError, twilioProviderId } from './errors.ts';

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
export type RestClient = (request: RestRequest, options?: CallOptions) => Promise<JsonObject>;

/** What {@link createTwilioRestClient} takes. */
export interface TwilioRestClientOptions {
  readonly host: TwilioHost;
  readonly credentials: TwilioCredentials;
  readonly transport: HttpTransport;
  readonly now: () => Date;
}

const who = { provider: twilioProviderId, carrier: 'Twilio' };

/** Makes the client. It resolves with the object in a 2xx answer, and rejects with a {@link TelephonyError} else. */
export function createTwilioRestClient(options: TwilioRestClientOptions): RestClient {
  const { host, credentials, transport, now } = options;
  const accountRoot = `${host.base}/2010-04-01/Accounts/${credentials.accountSid}`;
  return createRestClient<RestRequest>({
    ...who,
    transport,
    creates: ({ form }) => form !== undefined,
    toHttpRequest: ({ root = accountRoot, path, query, form }) => ({
      method: form === undefined ? 'GET' : 'POST',
      url: new URL(`${root}${path}${query === undefined ? '' : `?${query.toString()}`}`),
      headers: {
        accept: 'application/json',
        authorization: credentials.authorization,
        ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      ...(form === undefined ? {} : { body: form.toString() }),
    }),
    toError: ({ response, body, creates }) =>
      toTwilioError({
        status: response.status,
        retryAfter: response.header('retry-after'),
        providerCode: providerCodeIn(body),
        now: now(),
        creates,
      }),
  });
}

/** A 2xx answer that lacks what it must have. What was asked for may have happened. */
export function malformed(missing: string, creates: boolean): TelephonyError {
  return malformedAnswer(missing, { ...who, creates });
}

function providerCodeIn(body: JsonObject | undefined): string | undefined {
  const code = body === undefined ? undefined : positiveIntegerIn(body, 'code');
  return code === undefined ? undefined : String(code);
}
