import { isE164, isWebUrl } from '../carrier/address.ts';
import type { CallStep } from '../carrier/call-steps.ts';
import { type JsonObject, textIn } from '../carrier/json-object.ts';
import { ApiError, callError } from './api-reply.ts';

/** What a command of Call Control wants done in a call that was answered. */
export interface CallCommand {
  /** The event that tells of it: `call.speak` for `call.speak.started` and `call.speak.ended`. */
  readonly event: 'call.speak' | 'call.playback' | 'call.gather' | 'call.dtmf' | 'call.transfer';
  readonly step: CallStep;
}

/** The longest text that one command reads. */
const maxSpeakLength = 3_000;

/**
 * Reads a command that the call has to be answered for.
 *
 * @returns undefined for an action that is none of these
 * @throws {ApiError} for a body that Telnyx would refuse
 */
export function readCommand(action: string, body: JsonObject): CallCommand | undefined {
  switch (action) {
    case 'speak': {
      return { event: 'call.speak', step: readSpeech(body) };
    }
    case 'playback_start': {
      return { event: 'call.playback', step: { do: 'play', url: readAudio(body) } };
    }
    case 'gather': {
      return { event: 'call.gather', step: readGather(body, []) };
    }
    case 'gather_using_speak': {
      return { event: 'call.gather', step: readGather(body, [readSpeech(body)]) };
    }
    case 'gather_using_audio': {
      const prompt: CallStep = { do: 'play', url: readAudio(body) };
      return { event: 'call.gather', step: readGather(body, [prompt]) };
    }
    case 'send_dtmf': {
      const digits = required(body, 'digits');
      if (!/^[\d*#A-DwW]+$/u.test(digits)) throw callError(10_015, 'digits', '/digits');
      return { event: 'call.dtmf', step: { do: 'tones', digits } };
    }
    case 'transfer': {
      const to = required(body, 'to');
      if (!isE164(to)) throw callError(10_016, 'to', '/to');
      return { event: 'call.transfer', step: { do: 'dial', to } };
    }
    default: {
      return undefined;
    }
  }
}

function readSpeech(body: JsonObject): CallStep {
  const text = required(body, 'payload');
  const voice = required(body, 'voice');
  const language = textIn(body, 'language');
  if (text.length > maxSpeakLength) throw callError(10_015, 'payload', '/payload');
  return { do: 'say', text, voice, ...(language === undefined ? {} : { language }) };
}

function readAudio(body: JsonObject): string {
  const named = textIn(body, 'media_name');
  if (named !== undefined) return named;
  const url = required(body, 'audio_url');
  if (!isWebUrl(url)) throw new ApiError(10_003, 'audio_url', '/audio_url');
  return url;
}

function readGather(body: JsonObject, prompt: readonly CallStep[]): CallStep {
  return {
    do: 'gather',
    accepts: ['digits'],
    prompt,
    action: { url: '', method: 'POST' },
    maxDigits: readNumber(body, 'maximum_digits') ?? 128,
    timeoutSeconds: (readNumber(body, 'timeout_millis') ?? 60_000) / 1_000,
    tellsNothing: true,
  };
}

function required(body: JsonObject, name: string): string {
  const value = textIn(body, name);
  if (value === undefined) throw new ApiError(10_004, name, `/${name}`);
  return value;
}

function readNumber(body: JsonObject, name: string): number | undefined {
  const value = body[name];
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1) return value;
  throw callError(10_015, name, `/${name}`);
}
