// Texts for tests: made of what people and agents write, and of what breaks splitters.

/** A repeatable source of numbers in [0, 1). */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export const gsm7Pieces = ['a', 'e', ' ', 'Z', '5', '.', 'é', 'Ø', 'Ω', '\n', '\r\n', '@'];
export const escapedPieces = ['€', '[', ']', '{', '}', '~', '\\', '^', '|', '\f'];
export const bmpPieces = ['я', 'ж', '中', '文', 'か', 'ก', 'ş', '’', '–', '\u00a0', '\t', '`'];
export const graphemePieces = [
  '😀',
  '👍🏽',
  '🇩🇪',
  '🇫🇷',
  '👨‍👩‍👧',
  '❤️',
  'e\u0301',
  'o\u0323\u0302',
  '1️⃣',
  '각',
  '가',
];
/** Where our Unicode is newer than that of a peer, and what no peer gets right. */
const hardPieces = [
  'क्षि',
  '🐦‍🔥',
  '🫱🏻‍🫲🏿',
  '\ud83d',
  '\ude00',
  '\u200d',
  '\u0301',
  '\u1100',
  '\u0600',
  'a' + '\u0301'.repeat(80),
];
export const allPieces = [
  ...gsm7Pieces,
  ...escapedPieces,
  ...bmpPieces,
  ...graphemePieces,
  ...hardPieces,
];

/** A text of `unitCount` UTF-16 code units or a few more, of pieces picked at random. */
export function randomText(
  random: () => number,
  pieces: readonly string[],
  unitCount: number,
): string {
  let text = '';
  while (text.length < unitCount) text += pieces[Math.floor(random() * pieces.length)] ?? '';
  return text;
}
