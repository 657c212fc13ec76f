import type { CallInstruction } from '@openclaw/telephony-core';
import {
  dial,
  dtmf,
  getInput,
  hangup,
  maxSpeakLength,
  play,
  type PlivoElement,
  plivoXml,
  redirect,
  speak,
  stream,
  wait,
} from '@openclaw/call-xml/plivo';

/** The query parameter in which our own address remembers which question it is about. */
export const turnParameter = 'turn';

/** Writes what is to be done in a call as the document that Plivo carries out. */
export function toDocument(instructions: readonly CallInstruction[]): string {
  return plivoXml(...instructions.flatMap(toElements));
}

function toElements(instruction: CallInstruction): readonly PlivoElement[] {
  switch (instruction.do) {
    case 'say':
      return pieces(instruction.text).map((text) => speak(text, instruction));
    case 'play':
      return [play(instruction.url)];
    case 'pause':
      return [wait(instruction.seconds)];
    case 'gather': {
      const { actionUrl, turn, prompt = [], ...rest } = instruction;
      const action = new URL(actionUrl);
      action.searchParams.set(turnParameter, turn);
      return [getInput({ ...rest, action, prompt: prompt.flatMap(toElements) })];
    }
    case 'stream':
      // The token is no secret of ours: it opens one stream, once, and Plivo logs what travels beside the URL.
      return [
        stream(instruction.url, {
          contentType: 'audio/x-mulaw;rate=8000',
          headers: { token: instruction.token },
        }),
      ];
    case 'send-digits':
      return [dtmf(instruction.digits)];
    case 'transfer':
      return [dial(instruction.to.slice(1))];
    case 'redirect':
      return [redirect(instruction.url)];
    case 'reject':
      return [hangup(instruction.reason === 'busy' ? 'busy' : 'rejected')];
    case 'hang-up':
      break;
  }
  return [hangup()];
}

/** A text in pieces that Plivo reads, cut between words where there are any. */
function pieces(text: string): readonly string[] {
  const found = text.match(
    new RegExp(`.{1,${maxSpeakLength}}(?=\\s|$)|.{1,${maxSpeakLength}}`, 'gsu'),
  );
  return found ?? [''];
}
