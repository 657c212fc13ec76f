const sentence =
  'A text of more than one segment is cut, sent in parts, and put together again by the telephone. ';

/** 1,700 characters that fit GSM-7, but for one emoji in their middle. */
export function longAnswer(): string {
  const plain = sentence.repeat(Math.ceil(1700 / sentence.length));
  return `${plain.slice(0, 850)}🎉${plain.slice(850, 1699)}`;
}

/**
 * In how few numbered messages of one segment such a text fits at all, words torn where it helps: as many characters
 * as fit, each time. Worked out without the library that the demo shows.
 */
export function fewestMessages(text: string): number {
  const characters = Array.from(text);
  let count = 0;
  for (let start = 0; start < characters.length; count += 1) {
    const number = count < 9 ? '[1/10] '.length : '[10/10] '.length;
    const plain = characters.indexOf('🎉', start);
    const fitsGsm7 = Math.min(160 - number, characters.length - start);
    const untilEmoji = plain === -1 ? fitsGsm7 : Math.min(fitsGsm7, plain - start);
    // The emoji is two units of UCS-2, and makes its whole message UCS-2.
    const acrossEmoji = plain === -1 ? 0 : Math.min(70 - number - 1, characters.length - start);
    start += Math.max(untilEmoji, plain - start < acrossEmoji ? acrossEmoji : 0);
  }
  return count;
}
