/** What moves a terminal's cursor, changes its colours, or turns the order of what is read. */
const unsafe = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const named: { readonly [character: string]: string } = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A stranger's text for a line of a terminal: every control character is spelled out. */
export function printable(text: string): string {
  return text.replace(
    unsafe,
    (character) =>
      named[character] ?? `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}

/** The beginning of a text, as {@link printable} shows it. */
export function excerpt(text: string, length = 60): string {
  const line = Array.from(printable(text));
  return line.length > length ? `${line.slice(0, length - 1).join('')}…` : line.join('');
}

/** A moment to the second, in UTC. */
export const timeOf = (date: Date): string => date.toISOString().replace('T', ' ').slice(0, 19);

/** A moment to the second on the clocks of this machine, and their zone. */
export function localTimeOf(date: Date): string {
  const shifted = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return `${timeOf(shifted)} ${new Intl.DateTimeFormat().resolvedOptions().timeZone}`;
}
