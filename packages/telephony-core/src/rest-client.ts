import { TelephonyError } from './error.ts';
import type { HttpRequest, HttpResponse, HttpTransport } from './http.ts';
import { toTransportError } from './http-failure.ts';
import { parseJsonObject } from './json.ts';
import type { CallOptions, JsonObject } from './provider.ts';
import { createRefusal } from './refusal.ts';

/** Who answered something without sense. */
export interface MalformedAnswer {
  readonly provider: string;
  /** The carrier's name, as an error says it. */
  readonly carrier: string;
  /** True for an answer to a request that creates or changes something, false for one that may be repeated. */
  readonly creates: boolean;
}

/** An answer that is not 2xx, as far as the client looks at it. */
export interface RefusedAnswer {
  readonly response: Pick<HttpResponse, 'status' | 'header'>;
  /** `undefined` when somebody else answered, such as a proxy: no JSON object. */
  readonly body: JsonObject | undefined;
  /** True for an answer to a request that creates or changes something, false for one that may be repeated. */
  readonly creates: boolean;
}

/** What {@link createRestClient} takes; `CarrierRequest` is what a provider says to its own client. */
export interface RestClientOptions<CarrierRequest> {
  readonly provider: string;
  /** The carrier's name, as an error says it. */
  readonly carrier: string;
  readonly transport: HttpTransport;
  /**
   * True for a request that creates or changes something, so that it may have happened although its answer is lost. Say
   * false only of what may be repeated: every failure of it is `not-performed`.
   */
  readonly creates: (request: CarrierRequest) => boolean;
  /** True for a request whose 2xx answer may hold no JSON; the client resolves with `{}` then. Default: none is. */
  readonly mayAnswerNothing?: (request: CarrierRequest) => boolean;
  /** The carrier's URL, headers and encoding; the signal comes from the call. */
  readonly toHttpRequest: (request: CarrierRequest) => Omit<HttpRequest, 'signal'>;
  /**
   * What an answer that is not 2xx means at this carrier; see {@link outcomeOfStatus}. A 403, 404 or 425 without a JSON
   * object is somebody else's, and becomes `provider_unavailable`, `not-performed`.
   */
  readonly toError: (answer: RefusedAnswer) => TelephonyError;
}

/**
 * Makes the client of a carrier's REST API: one request each, never repeated, and a JSON object in the answer. It decides
 * what a failure says about whether the request was performed, and with it whether anybody sends it twice.
 *
 * @throws {TelephonyError} from the function that it makes; `unknown` only where the request creates something and no
 * refusal arrived
 * @example
 * const rest = createRestClient<{ path: string; json?: JsonObject }>({
 *   provider: 'mycarrier',
 *   carrier: 'My Carrier',
 *   transport: createFetchTransport(),
 *   creates: ({ json }) => json !== undefined,
 *   toHttpRequest: ({ path, json }) => ({
 *     method: json === undefined ? 'GET' : 'POST',
 *     url: new URL(`https://api.example.com${path}`),
 *     headers: { accept: 'application/json' },
 *     ...(json === undefined ? {} : { body: JSON.stringify(json) }),
 *   }),
 *   toError: ({ response, creates }) => myError(response.status, creates),
 * });
 */
export function createRestClient<CarrierRequest>(
  options: RestClientOptions<CarrierRequest>,
): (request: CarrierRequest, callOptions?: CallOptions) => Promise<JsonObject> {
  const { provider, carrier, transport } = options;
  const refuse = createRefusal(provider);
  return async (request, callOptions) => {
    const signal = callOptions?.signal;
    if (signal?.aborted === true) {
      throw refuse('aborted', 'the call was aborted before the request left');
    }
    const creates = options.creates(request);
    let response: HttpResponse;
    let text: string;
    try {
      response = await transport({
        ...options.toHttpRequest(request),
        ...(signal === undefined ? {} : { signal }),
      });
      text = await response.text();
    } catch (failure) {
      const error = toTransportError(failure, { provider, signal });
      // What may be repeated can always be tried again, however it failed.
      throw creates ? error : refuse(error.code, error.message);
    }
    const body = parseJsonObject(text);
    const mayBeNothing = options.mayAnswerNothing?.(request) === true;
    if (response.status < 200 || response.status > 299) {
      const error = options.toError({ response, body, creates });
      const isOwn = body !== undefined || (mayBeNothing && text === '');
      throw isOwn || !fromOnTheWay.has(response.status) ? error : notReached(error, options);
    }
    if (body !== undefined) return body;
    if (mayBeNothing) return {};
    throw malformedAnswer('a JSON object', { provider, carrier, creates });
  };
}

/** What proxies and balancers answer themselves, in words that would mean something final if they were the carrier's. */
const fromOnTheWay: ReadonlySet<number> = new Set([403, 404, 425]);

/** Somebody on the way has answered: the carrier has not seen the request, and may see it later. */
function notReached(
  { httpStatus, retryAfterMs }: TelephonyError,
  { provider, carrier }: Pick<MalformedAnswer, 'provider' | 'carrier'>,
): TelephonyError {
  return new TelephonyError(
    'provider_unavailable',
    `${carrier} was not reached: ${httpStatus ?? 'a refusal'} came without a JSON object, as from a proxy on the way`,
    {
      provider,
      outcome: 'not-performed',
      ...(httpStatus === undefined ? {} : { httpStatus }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    },
  );
}

/**
 * The error for a 2xx answer that lacks what it must have: what was asked for may have happened.
 *
 * @param missing - goes on with "answered, but without …"
 * @example
 * throw malformedAnswer('the id of the message', { provider: 'mycarrier', carrier: 'My Carrier', creates: true });
 */
export function malformedAnswer(
  missing: string,
  { provider, carrier, creates }: MalformedAnswer,
): TelephonyError {
  return new TelephonyError('malformed_response', `${carrier} answered, but without ${missing}`, {
    provider,
    outcome: creates ? 'unknown' : 'not-performed',
  });
}
