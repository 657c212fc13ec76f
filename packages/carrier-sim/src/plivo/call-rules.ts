import { isE164, isWebUrl } from '../carrier/address.ts';
import { type JsonObject, textIn } from '../carrier/json-object.ts';
import { fromPlivoAddress } from './addresses.ts';
import { ApiError } from './api-reply.ts';
import type { WebhookTarget } from './call-webhooks.ts';
import type { PlivoContext } from './context.ts';
import { invalidRecipient } from './destinations.ts';

/** A call that the API is asked to place, to one or more numbers. */
export interface CallDraft {
  readonly from: string;
  readonly to: readonly string[];
  readonly answer: WebhookTarget;
  readonly fallback: WebhookTarget | undefined;
  readonly ring: WebhookTarget | undefined;
  readonly hangup: WebhookTarget;
  readonly ringTimeoutSeconds: number;
  readonly timeLimitSeconds: number;
}

/** Four hours. */
export const defaultTimeLimitSeconds = 14_400;
const maxTimeLimitSeconds = 86_400;
const defaultRingTimeoutSeconds = 120;
const maxRecipientCount = 1_000;
const notSimulated = ['send_digits', 'machine_detection_url', 'record_file_format'];

/**
 * Reads a request that places calls, and refuses what the carrier would refuse, for the reason that it finds first.
 *
 * @throws {ApiError}
 */
export function readCallDraft(context: PlivoContext, request: JsonObject): CallDraft {
  const unknown = notSimulated.find((name) => request[name] !== undefined);
  if (unknown !== undefined) throw new ApiError(501, `not simulated by carrier-sim: ${unknown}`);
  const from = fromPlivoAddress(required(request, 'from'));
  const to = required(request, 'to').split('<').map(fromPlivoAddress);
  const answer = readTarget(request, 'answer');
  if (answer === undefined) throw new ApiError(400, 'answer_url parameter is missing');
  if (to.some((number) => !isE164(number) || number === invalidRecipient)) {
    throw new ApiError(400, 'to parameter is not valid');
  }
  if (to.length > maxRecipientCount) throw new ApiError(400, 'to has more than 1000 numbers');
  if (context.numbers.get(from) === undefined) {
    throw new ApiError(400, 'from parameter is not a number of this account');
  }
  if (context.calls.full) throw new ApiError(429);
  readMachineDetection(request);
  return {
    from,
    to,
    answer,
    fallback: readTarget(request, 'fallback'),
    ring: readTarget(request, 'ring'),
    // Plivo tells whoever says what to do, when nobody else was named.
    hangup: readTarget(request, 'hangup') ?? answer,
    ringTimeoutSeconds:
      readSeconds(request, 'ring_timeout') ??
      readSeconds(request, 'hangup_on_ring') ??
      defaultRingTimeoutSeconds,
    timeLimitSeconds: Math.min(
      readSeconds(request, 'time_limit') ?? defaultTimeLimitSeconds,
      maxTimeLimitSeconds,
    ),
  };
}

function required(request: JsonObject, name: string): string {
  const value = textIn(request, name);
  if (value === undefined) throw new ApiError(400, `${name} parameter is missing`);
  return value;
}

function readTarget(request: JsonObject, name: string): WebhookTarget | undefined {
  const url = textIn(request, `${name}_url`);
  if (url === undefined) return undefined;
  if (!isWebUrl(url)) throw new ApiError(400, `${name}_url parameter is not valid`);
  const method = textIn(request, `${name}_method`) ?? 'POST';
  if (method === 'GET' || method === 'POST') return { url, method };
  throw new ApiError(400, `${name}_method parameter is not valid`);
}

function readSeconds(request: JsonObject, name: string): number | undefined {
  const value = request[name];
  if (value === undefined) return undefined;
  const seconds = Number(value);
  const isText = typeof value === 'number' || typeof value === 'string';
  if (isText && Number.isInteger(seconds) && seconds >= 1) return seconds;
  throw new ApiError(400, `${name} parameter is not valid`);
}

function readMachineDetection(request: JsonObject): void {
  const wanted = request['machine_detection'];
  if (wanted === undefined || wanted === true || wanted === 'true' || wanted === 'hangup') return;
  throw new ApiError(400, 'machine_detection parameter is not valid');
}
