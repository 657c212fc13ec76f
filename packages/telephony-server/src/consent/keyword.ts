import {
  type InboundMessage,
  type OptOutKeyword,
  parseOptOutKeyword,
} from '@openclaw/telephony-core';

/** Words of consent that are also answers: they lift a STOP, and are ordinary texts from everybody else. */
const alsoAnswers: ReadonlySet<string> = new Set(['YES']);
/** What carriers, or who has set them up, take for a START, and a person may well answer to a question. */
const hintedAnswers: ReadonlySet<string> = new Set(['YES', 'Y', 'OK', 'GO', 'RESUME', 'CONTINUE']);

const isOneOf = (words: ReadonlySet<string>, text: string): boolean =>
  words.has(text.trim().toUpperCase());

/**
 * What a message says about consent and nothing else. The carrier's own verdict wins; without one, a message with a
 * picture is an ordinary one.
 */
export function keywordOf({ text, media, optOut }: InboundMessage): OptOutKeyword | undefined {
  if (optOut === 'start' && isOneOf(hintedAnswers, text)) return undefined;
  if (optOut !== undefined) return optOut;
  if (media.length > 0) return undefined;
  const keyword = parseOptOutKeyword(text);
  return keyword !== undefined && isOneOf(alsoAnswers, text) ? undefined : keyword;
}

/** True for an ordinary text that would lift a STOP. */
export function liftsStop({ text, media, optOut }: InboundMessage): boolean {
  return optOut === 'start' || (media.length === 0 && isOneOf(alsoAnswers, text));
}
