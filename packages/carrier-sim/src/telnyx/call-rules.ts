import { isE164, isWebUrl } from '../carrier/address.ts';
import { type JsonObject, textIn } from '../carrier/json-object.ts';
import { ApiError, callError } from './api-reply.ts';
import type { TelnyxContext } from './context.ts';
import { refusalOfRecipient } from './destinations.ts';

/** A call that the API is asked to place. */
export interface CallDraft {
  readonly from: string;
  readonly to: string;
  readonly connectionId: string;
  readonly clientState: string | undefined;
  /** The webhook, and the failover URL. */
  readonly urls: readonly string[];
  readonly ringTimeoutSeconds: number;
  readonly timeLimitSeconds: number;
}

/** Four hours, which is the longest as well. */
export const maxTimeLimitSeconds = 14_400;
const notSimulated = [
  'assistant',
  'audio_url',
  'media_name',
  'record',
  'send_digits_on_answer',
  'stream_url',
  'transcription',
  'webhook_urls',
];

/**
 * Reads a request that places a call, and refuses what the carrier would refuse, for the reason that it finds first.
 *
 * @throws {ApiError}
 */
export function readCallDraft(context: TelnyxContext, request: JsonObject): CallDraft {
  const unknown = notSimulated.find((name) => (request[name] ?? false) !== false);
  if (unknown !== undefined) throw new ApiError(10_099, unknown, `/${unknown}`);
  const connectionId = required(request, 'connection_id');
  const application = context.connections.get(connectionId);
  if (!application?.webhookUrl) throw callError(10_015, 'connection_id', '/connection_id');
  const to = readNumber(request, 'to');
  const from = readNumber(request, 'from');
  if (refusalOfRecipient(to) === 40_310) throw callError(10_016, 'to', '/to');
  if (context.numbers.get(from) === undefined) throw new ApiError(10_010, from, '/from');
  if (context.calls.full) throw new ApiError(10_011);
  const own = textIn(request, 'webhook_url');
  if (own !== undefined && !isWebUrl(own)) throw new ApiError(10_003, own, '/webhook_url');
  if ((request['webhook_url_method'] ?? 'POST') !== 'POST') {
    throw new ApiError(10_099, 'webhook_url_method', '/webhook_url_method');
  }
  const failover = application.webhookFailoverUrl;
  return {
    from,
    to,
    connectionId,
    clientState: readClientState(request),
    urls: [own ?? application.webhookUrl, ...(own === undefined && failover ? [failover] : [])],
    ringTimeoutSeconds: readSeconds(request, 'timeout_secs', { min: 5, max: 600 }) ?? 30,
    timeLimitSeconds:
      readSeconds(request, 'time_limit_secs', { min: 30, max: maxTimeLimitSeconds }) ??
      maxTimeLimitSeconds,
  };
}

/**
 * What is to be remembered with a call, in base64.
 *
 * @throws {ApiError} for anything else
 */
export function readClientState(request: JsonObject): string | undefined {
  const state = textIn(request, 'client_state');
  if (state === undefined || /^(?:[\d+/A-Za-z]{4})*(?:[\d+/A-Za-z]{2,3}={0,2})?$/u.test(state)) {
    return state;
  }
  throw callError(10_015, 'client_state', '/client_state');
}

function required(request: JsonObject, name: string): string {
  const value = textIn(request, name);
  if (value === undefined) throw new ApiError(10_004, name, `/${name}`);
  return value;
}

function readNumber(request: JsonObject, name: string): string {
  if (Array.isArray(request[name])) throw new ApiError(10_099, `several numbers in ${name}`);
  const number = required(request, name);
  if (number.startsWith('sip:')) throw new ApiError(10_099, 'a call to another than a number');
  if (!isE164(number)) throw callError(10_016, name, `/${name}`);
  return number;
}

function readSeconds(
  request: JsonObject,
  name: string,
  { min, max }: { readonly min: number; readonly max: number },
): number | undefined {
  const value = request[name];
  if (value === undefined) return undefined;
  const isGood =
    typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
  if (isGood) return value;
  throw callError(10_033, name, `/${name}`);
}
