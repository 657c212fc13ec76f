import {
  type InboundMessage,
  type OptOutKeyword,
  parseOptOutKeyword,
} from '@openclaw/telephony-core';

/** Words of consent that are also answers: they lift a STOP, and are ordinary texts from everybody else. */
const alsoAnswers: ReadonlySet<string> = new Set(['YES']);

const isAlsoAnswer = (text: string): boolean => alsoAnswers.has(text.trim().toUpperCase());

/**
 * What a message says about consent and nothing else. The carrier's own verdict wins; without one, a message with a
 * picture is an ordinary one.
 */
export function keywordOf({ text, media, optOut }: InboundMessage): OptOutKeyword | undefined {
  if (optOut !== undefined) return optOut;
  if (media.length > 0) return undefined;
  const keyword = parseOptOutKeyword(text);
  return keyword !== undefined && isAlsoAnswer(text) ? undefined : keyword;
}

/** True for an ordinary text that would lift a STOP. */
export function liftsStop({ text, media }: InboundMessage): boolean {
  return media.length === 0 && isAlsoAnswer(text);
}
