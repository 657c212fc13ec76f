import { segmentMessage, splitMessage, toGsm7 } from '@openclaw/sms-encoding';
import { table } from '../table.ts';
import { count, say, sayJson, styled, type Terminal } from '../terminal.ts';

/** Shows what a text costs, why, and what would make it cheaper. */
export function segment(terminal: Terminal, text: string): void {
  const whole = segmentMessage(text);
  const cheaper = toGsm7(text);
  const after = segmentMessage(cheaper.text).segments.length;
  const separate = splitMessage(text, { mode: 'multi' });
  sayJson(terminal, {
    encoding: whole.encoding,
    segmentCount: whole.segments.length,
    unitCount: whole.unitCount,
    segments: whole.segments,
    transliterated: { segmentCount: after, replacements: cheaper.replacements },
    separateMessages: separate.messages.length,
  });
  if (whole.segments.length === 0) return say(terminal, 'No text, no segment.');
  say(
    terminal,
    `${styled(terminal, 'bold', count(whole.segments.length, 'segment'))} of ${whole.encoding}, ${count(whole.unitCount, 'unit')}`,
  );
  say(
    terminal,
    table(
      terminal,
      ['#', 'units', 'left', 'text'],
      whole.segments.map((one, index) => [
        String(index + 1),
        String(one.unitCount),
        String(one.unitsLeft),
        excerpt(one.text),
      ]),
    ),
  );
  if (cheaper.replacements.length > 0) {
    const what = cheaper.replacements.map(({ from, to }) => `${from} → ${to}`);
    say(terminal, `With ${[...new Set(what)].join(', ')}: ${count(after, 'segment')}`);
  }
}

const excerpt = (text: string): string => {
  const line = JSON.stringify(text).slice(1, -1);
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
};
