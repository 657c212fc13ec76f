/**
 * What a telephone must not be sent: commands to a terminal, characters that turn the order of others round, and
 * characters that nobody sees. Each part of the expression ends where the next command begins, so it takes linear time.
 */
const unprintable = new RegExp(
  [
    // Kept, as the only group: the flag of a part of a country, spelled in characters that are invisible elsewhere.
    String.raw`(\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{3,6}\u{e007f})`,
    // Commands to a terminal: CSI with its final letter, OSC up to its end, every other escape.
    String.raw`(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]`,
    String.raw`(?:\u001b\]|\u009d)[^\u0007\u001b\u009c\u009d\n]*(?:\u0007|\u001b\\|\u009c)`,
    String.raw`\u001b[ -/]*[0-Z\\^-~]`,
    // C0 and C1 but tab and newline.
    String.raw`[\u0000-\u0008\u000b-\u001f\u007f-\u009f]`,
    // Overrides and isolates of direction. The plain marks, which Arabic and Hebrew need, stay.
    String.raw`[\u202a-\u202e\u2066-\u2069]`,
    // Soft hyphen, zero-width space, word joiner and byte order mark; joiners, fillers and operators that nobody sees; marks
    // of annotations; tags, which can hide a whole text. The joiners of emoji and Persian stay.
    String.raw`[\u00ad\u200b\u2060\ufeff\u034f\u061c\u115f\u180e\u2061-\u2064\u3164\ufff9-\ufffb]`,
    String.raw`[\u{e0001}-\u{e007f}]`,
  ].join('|'),
  'gu',
);

/**
 * The text without what a telephone cannot show: escape sequences, control characters (but tab and newline), overrides
 * of direction, and invisible characters, one of which would make every segment hold 70 characters instead of 160.
 *
 * Line ends become `\n`, and half a surrogate pair becomes U+FFFD. What can be seen is never changed.
 *
 * @example
 * toPrintable('\u001b[31mred\u001b[0m'); // 'red'
 */
export function toPrintable(text: string): string {
  return text
    .replaceAll(/\r\n?/gu, '\n')
    .replaceAll(unprintable, '$1')
    .replaceAll(/[\ud800-\udfff]/gu, '\ufffd');
}
