/** What a person asked for with a keyword: no more texts, texts again, or information. */
export type OptOutKeyword = 'stop' | 'start' | 'help';

const keywords: ReadonlyMap<string, OptOutKeyword> = new Map([
  ['STOP', 'stop'],
  ['STOPALL', 'stop'],
  ['STOP ALL', 'stop'],
  ['UNSUBSCRIBE', 'stop'],
  ['CANCEL', 'stop'],
  ['END', 'stop'],
  ['QUIT', 'stop'],
  ['REVOKE', 'stop'],
  ['OPTOUT', 'stop'],
  ['START', 'start'],
  ['UNSTOP', 'start'],
  ['YES', 'start'],
  ['HELP', 'help'],
  ['INFO', 'help'],
]);
/** True for one of the words of {@link OptOutKeyword}. */
export function isOptOutKeyword(value: unknown): value is OptOutKeyword {
  return value === 'stop' || value === 'start' || value === 'help';
}

const longest = Math.max(...Array.from(keywords.keys(), (keyword) => keyword.length));

/**
 * Recognises a consent keyword: the whole text, in any case, with white space around it ignored.
 *
 * A keyword inside a sentence is none: "please stop by at five" is an ordinary text.
 *
 * @returns the meaning, or `undefined` for an ordinary text.
 * @example
 * parseOptOutKeyword(' Stop '); // 'stop'
 */
export function parseOptOutKeyword(text: string): OptOutKeyword | undefined {
  const trimmed = text.trim();
  if (trimmed.length > longest) return undefined;
  return keywords.get(trimmed.toUpperCase());
}
