import { isE164, isWebUrl } from '../carrier/address.ts';
import type { CallRoute } from '../carrier/call-documents.ts';
import { ApiError } from './api-reply.ts';
import { type CallTwiml, readCallTwiml } from './call-twiml.ts';
import type { CallEvent, CallWebhooksOptions } from './call-webhooks.ts';
import type { SimContext } from './context.ts';
import { magicSender, refusalOfCallee, refusalOfCaller } from './destinations.ts';

/** A call that the API is asked to place. */
export interface CallDraft extends Pick<CallWebhooksOptions, 'fallback' | 'reports'> {
  readonly from: string;
  readonly to: string;
  readonly first: CallRoute;
  readonly ringTimeoutSeconds: number;
  readonly timeLimitSeconds: number;
  /** Error numbers of what is taken, but does not work. */
  readonly problems: readonly number[];
}

/** Four hours, what an account has that asked for nothing else. */
export const defaultTimeLimitSeconds = 14_400;
const maxTimeLimitSeconds = 86_400;
const maxTwimlLength = 4_000;
const notSimulated = ['ApplicationSid', 'Record', 'SendDigits', 'AsyncAmd', 'Byoc', 'CallToken'];

/**
 * Reads the form that places a call, and refuses what the carrier would refuse, for the reason that it finds first.
 *
 * @throws {ApiError}
 */
export function readCallDraft(context: SimContext, form: URLSearchParams): CallDraft {
  const unknown = notSimulated.find((name) => (form.get(name) ?? 'false') !== 'false');
  if (unknown !== undefined) throw new ApiError(20_501, `the parameter ${unknown}`);
  const to = form.get('To') ?? '';
  const from = form.get('From') ?? '';
  checkParties(context, from, to);
  const inline = readInline(form);
  const callback = readUrl(form, 'StatusCallback', 21_609);
  const fallbackUrl = readUrl(form, 'FallbackUrl', 21_205);
  const events = readEvents(form);
  const reportMethod = readMethod(form, 'StatusCallbackMethod');
  return {
    from,
    to,
    first: inline === undefined ? readFirst(form) : { steps: inline.steps ?? [] },
    ringTimeoutSeconds: readSeconds(form, 'Timeout', { code: 21_208, max: 600 }) ?? 60,
    timeLimitSeconds:
      readSeconds(form, 'TimeLimit', { code: 20_001, max: maxTimeLimitSeconds }) ??
      defaultTimeLimitSeconds,
    fallback:
      fallbackUrl === undefined
        ? undefined
        : { url: fallbackUrl, method: readMethod(form, 'FallbackMethod') },
    reports:
      callback === undefined || events === undefined
        ? undefined
        : { url: callback, method: reportMethod, events },
    problems: [
      ...(inline?.problems ?? []),
      // Twilio places the call all the same, and reports nothing.
      ...(events === undefined ? [21_626] : []),
    ],
  };
}

function checkParties({ numbers, calls }: SimContext, from: string, to: string): void {
  if (to === '') throw new ApiError(21_201);
  if (from === '') throw new ApiError(21_213);
  const callee = refusalOfCallee(to);
  if (callee !== undefined) throw new ApiError(callee, to);
  if (/^(?:client|sip|app):/iu.test(to))
    throw new ApiError(20_501, 'a call to another than a number');
  if (!isE164(to)) throw new ApiError(21_211, to);
  const caller = refusalOfCaller(from);
  if (caller !== undefined) throw new ApiError(caller, from);
  if (!isE164(from)) throw new ApiError(21_212, from);
  if (numbers.get(from) === undefined && from !== magicSender) throw new ApiError(21_210, from);
  if (calls.full) throw new ApiError(20_429);
}

/** A document in the request itself wins over a URL. */
function readInline(form: URLSearchParams): CallTwiml | undefined {
  const document = form.get('Twiml');
  if (document === null || document === '') return undefined;
  return readTwiml(document);
}

/**
 * Reads a document that is part of a request.
 *
 * @throws {ApiError} 20001 for one that is too long
 */
export function readTwiml(document: string): CallTwiml {
  if (document.length > maxTwimlLength) {
    throw new ApiError(20_001, `Twiml is longer than ${maxTwimlLength} characters`);
  }
  return readCallTwiml(document, { url: '', contentType: 'text/xml' });
}

function readFirst(form: URLSearchParams): CallRoute {
  const url = readUrl(form, 'Url', 21_205);
  if (url === undefined) throw new ApiError(21_205, '(none)');
  return { url, method: readMethod(form, 'Method') };
}

/** A URL of the form; undefined when it is not there. */
export function readUrl(form: URLSearchParams, name: string, code: number): string | undefined {
  const url = form.get(name);
  if (url === null || url === '') return undefined;
  if (url.length > 4_000 || !isWebUrl(url)) throw new ApiError(code, url);
  return url;
}

/** GET or POST, which is the default. */
export function readMethod(form: URLSearchParams, name: string): 'GET' | 'POST' {
  const method = form.get(name) || 'POST';
  if (method !== 'GET' && method !== 'POST') throw new ApiError(21_209, method);
  return method;
}

function readSeconds(
  form: URLSearchParams,
  name: string,
  { code, max }: { readonly code: number; readonly max: number },
): number | undefined {
  const value = form.get(name);
  if (value === null) return undefined;
  const seconds = Number(value);
  if (/^\d{1,6}$/u.test(value) && seconds >= 1 && seconds <= max) return seconds;
  throw new ApiError(code, `${name} is a whole number from 1 to ${max}`);
}

const knownEvents: readonly CallEvent[] = ['initiated', 'ringing', 'answered', 'completed'];

/** Which reports are wanted, by default the last one; undefined when one of them is none. */
function readEvents(form: URLSearchParams): ReadonlySet<CallEvent> | undefined {
  const given = form.getAll('StatusCallbackEvent');
  if (given.length === 0) return new Set(['completed']);
  const known = knownEvents.filter((event) => given.includes(event));
  return new Set(given).size === known.length ? new Set(known) : undefined;
}
