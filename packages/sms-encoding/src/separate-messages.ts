import { formatNumber, messageRoom } from './message-room.ts';
import { measureText } from './measure.ts';
import { resolveSegmentOptions } from './segment-options.ts';
import { separateEnds } from './separate-ends.ts';
import type { SeparateLayout } from './separate-ends.ts';
import type { SplitPart } from './split-result.ts';
import type { ResolvedSplitOptions } from './split-options.ts';

// The four characters of `[/] ` around the two numbers.
const numberFrameLength = 4;

/** The layout of up to `count` separate messages, numbered as wide as `count` makes the numbers. */
export function separateLayout(options: ResolvedSplitOptions, count: number): SeparateLayout {
  const numbered = options.numbering && count > 1;
  const digits = String(count).length;
  const roomFor = (ownDigits: number) =>
    messageRoom(numbered ? numberFrameLength + ownDigits + digits : 0, options.maxLength);
  const rooms = numbered
    ? Array.from({ length: digits }, (_unused, index) => roomFor(index + 1))
    : [roomFor(0)];
  const smallest = rooms.at(-1) ?? roomFor(digits);
  return {
    roomOf: numbered ? (number) => rooms[String(number).length - 1] ?? smallest : () => smallest,
    rules: {
      boundary: options.boundary,
      room: smallest.ucs2Length,
      crlfIsOne: options.boundary === 'grapheme',
    },
  };
}

/** A text as separate messages of one segment each, numbered when there are several and numbering is on. */
export function separateMessages(text: string, options: ResolvedSplitOptions): SplitPart[] {
  const ends = settle(text, options);
  const count = ends.length;
  return ends.map((end, index) => {
    const content = text.slice(ends[index - 1] ?? 0, end);
    const number = options.numbering && count > 1 ? formatNumber(index + 1, count) : '';
    return part(number + content, content);
  });
}

/** The numbers take room, more of it the more messages there are: the first width that suffices is the right one. */
function settle(text: string, options: ResolvedSplitOptions): readonly number[] {
  const unnumbered = separateEnds(
    text,
    separateLayout(options, 1),
    options.numbering ? 1 : Infinity,
  );
  if (unnumbered !== undefined) return unnumbered;
  for (let count = 9; ; count = count * 10 + 9) {
    const ends = separateEnds(text, separateLayout(options, count), count);
    if (ends !== undefined) return ends;
  }
}

function part(text: string, content: string): SplitPart {
  const { encoding, unitCount } = measureText(text, resolveSegmentOptions(undefined));
  return { text, content, encoding, unitCount, segmentCount: 1 };
}
