import {
  type CallInstruction,
  isJsonObject,
  type JsonObject,
  parseJsonObject,
} from '@openclaw/telephony-core';
import { refuse } from './errors.ts';

/** One command of Call Control: the last part of its path, and its body. */
export interface CallCommand {
  readonly action: string;
  readonly body: JsonObject;
}

/** What a call remembers at Telnyx, and says again in every webhook. */
export interface CallMemory {
  /** What is to be done when the present command has ended. */
  readonly rest: readonly CallCommand[];
  /** Which question is being asked. */
  readonly turn?: string;
}

/** The longest text that one `speak` takes, in characters. */
const longestSpeech = 3000;
const defaultVoice = 'AWS.Polly.Joanna';

/** Commands for which Telnyx tells when they have ended; after any other, the next one may follow at once. */
const lasting: ReadonlySet<string> = new Set([
  'speak',
  'playback_start',
  'gather',
  'gather_using_speak',
]);
export const isLasting = ({ action }: CallCommand): boolean => lasting.has(action);

/**
 * Writes what is to be done in a call as commands, in their order.
 *
 * @throws {TelephonyError} `unsupported` for what Telnyx has no command for
 */
export function toCommands(instructions: readonly CallInstruction[]): readonly CallCommand[] {
  return instructions.flatMap(toCommand);
}

function toCommand(instruction: CallInstruction): readonly CallCommand[] {
  switch (instruction.do) {
    case 'say':
      return pieces(instruction.text).map((payload) => ({
        action: 'speak',
        body: { payload, ...speaker(instruction) },
      }));
    case 'play':
      return [{ action: 'playback_start', body: { audio_url: instruction.url.href } }];
    case 'pause':
      // There is no command that waits; the words before and after it are read one after the other.
      return [];
    case 'gather':
      return [toGather(instruction)];
    case 'send-digits':
      return [{ action: 'send_dtmf', body: { digits: instruction.digits } }];
    case 'transfer':
      return [{ action: 'transfer', body: { to: instruction.to } }];
    case 'reject': {
      const cause = instruction.reason === 'busy' ? 'USER_BUSY' : 'CALL_REJECTED';
      return [{ action: 'reject', body: { cause } }];
    }
    case 'hang-up':
      return [{ action: 'hangup', body: {} }];
    case 'stream':
    case 'redirect':
      break;
  }
  throw refuse('unsupported', `Telnyx has no command for "${instruction.do}" in this version`);
}

function toGather(gather: Extract<CallInstruction, { readonly do: 'gather' }>): CallCommand {
  if (!gather.input.includes('digits')) {
    throw refuse('unsupported', 'Telnyx collects digits; speech needs a transcription');
  }
  const prompt = (gather.prompt ?? []).map((one) => (one.do === 'say' ? one.text : '')).join(' ');
  const { maxDigits, timeoutSeconds } = gather;
  const limits = {
    ...(maxDigits === undefined ? {} : { maximum_digits: maxDigits }),
    ...(timeoutSeconds === undefined ? {} : { timeout_millis: timeoutSeconds * 1000 }),
  };
  const body: JsonObject = { ...limits, [turnKey]: gather.turn };
  return prompt.trim() === ''
    ? { action: 'gather', body }
    : {
        action: 'gather_using_speak',
        body: { ...body, payload: prompt.slice(0, longestSpeech), ...speaker(gather) },
      };
}

/** Where a command keeps its turn until it is sent; no field of Telnyx's. */
const turnKey = 'turn';

function speaker({ voice, language }: { readonly voice?: string; readonly language?: string }) {
  return { voice: voice ?? defaultVoice, ...(language === undefined ? {} : { language }) };
}

/** A text in pieces that Telnyx reads, cut between words where there are any. */
function pieces(text: string): readonly string[] {
  const piece = new RegExp(`.{1,${longestSpeech}}(?=\\s|$)|.{1,${longestSpeech}}`, 'gsu');
  return text.match(piece) ?? [];
}

/** The command as it is sent, with the memory that Telnyx will repeat. */
export function toRequestBody(
  { body: { [turnKey]: turn, ...body } }: CallCommand,
  rest: readonly CallCommand[],
  commandId: string,
): JsonObject {
  const memory: CallMemory = { rest, ...(typeof turn === 'string' ? { turn } : {}) };
  return { ...body, command_id: commandId, client_state: encodeMemory(memory) };
}

function encodeMemory(memory: CallMemory): string {
  return Buffer.from(JSON.stringify({ 'call-script': 1, ...memory }), 'utf8').toString('base64');
}

/** Reads a call's memory; `undefined` for the state of a call that somebody else steers. */
export function decodeMemory(clientState: string | undefined): CallMemory | undefined {
  if (clientState === undefined) return undefined;
  const json = parseJsonObject(Buffer.from(clientState, 'base64').toString('utf8'));
  if (json?.['call-script'] !== 1 || !Array.isArray(json['rest'])) return undefined;
  const { rest, turn } = json;
  return {
    rest: rest.flatMap((command: unknown): CallCommand[] => {
      if (!isJsonObject(command)) return [];
      const { action, body } = command;
      return typeof action === 'string' && /^[a-z_]+$/u.test(action) && isJsonObject(body)
        ? [{ action, body }]
        : [];
    }),
    ...(typeof turn === 'string' ? { turn } : {}),
  };
}
