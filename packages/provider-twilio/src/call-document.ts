import type { CallInstruction } from '@openclaw/telephony-core';
import {
  connectStream,
  dial,
  gather,
  hangup,
  pause,
  play,
  playDigits,
  redirect,
  reject,
  say,
  twiml,
  type TwimlVerb,
} from '@openclaw/call-xml/twiml';

/** The query parameter in which our own address remembers which question it is about. */
export const turnParameter = 'turn';

/** Writes what is to be done in a call as the document that Twilio carries out. */
export function toDocument(instructions: readonly CallInstruction[]): string {
  return twiml(...instructions.map(toVerb));
}

function toVerb(instruction: CallInstruction): TwimlVerb {
  switch (instruction.do) {
    case 'say':
      return say(instruction.text, instruction);
    case 'play':
      return play(instruction.url);
    case 'pause':
      return pause(instruction.seconds);
    case 'gather': {
      const { actionUrl, turn, prompt = [], ...rest } = instruction;
      const action = new URL(actionUrl);
      action.searchParams.set(turnParameter, turn);
      return gather({ ...rest, action, prompt: prompt.map(toVerb) });
    }
    case 'stream':
      // Twilio drops a query on the way, so the token travels beside the URL.
      return connectStream(instruction.url, { token: instruction.token });
    case 'send-digits':
      return playDigits(instruction.digits);
    case 'transfer':
      return dial(instruction.to);
    case 'redirect':
      return redirect(instruction.url);
    case 'reject':
      return reject(instruction.reason === 'busy' ? 'busy' : undefined);
    case 'hang-up':
      break;
  }
  return hangup();
}
