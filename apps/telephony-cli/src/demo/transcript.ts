import { sayJson, say, styled, type Terminal } from '../terminal.ts';

/** What the demo tells, and whether it really happened. */
export interface Transcript {
  step(number: number, title: string): void;
  /** One text: who, what it says, what it costs, what became of it. */
  text(line: TextLine): void;
  /** Something that had to happen, and did or did not. */
  check(claim: string, happened: boolean): void;
  note(line: string): void;
  /** True while nothing failed. */
  readonly held: boolean;
}

/** A text on its way. */
export interface TextLine {
  readonly direction: 'in' | 'out';
  readonly who: string;
  readonly text: string;
  readonly segmentCount?: number;
  readonly encoding?: string;
  readonly result: string;
  readonly ok: boolean;
  readonly ms: number;
}

/** Prints the demo as a transcript, or as a JSON line for each thing that happened. */
export function createTranscript(terminal: Terminal): Transcript {
  let held = true;
  let step = 0;
  const mark = (ok: boolean): string =>
    ok ? styled(terminal, 'green', '✓') : styled(terminal, 'red', '✗');
  return {
    get held() {
      return held;
    },
    step(number, title) {
      step = number;
      sayJson(terminal, { step, title });
      say(terminal, `\n${styled(terminal, ['bold', 'cyan'], `${number}. ${title}`)}`);
    },
    text(line) {
      held &&= line.ok;
      sayJson(terminal, { step, ...line });
      const arrow = line.direction === 'in' ? '→ bot' : '← bot';
      const who = styled(
        terminal,
        line.direction === 'in' ? 'yellow' : 'magenta',
        `${line.who} ${arrow}`,
      );
      const cost =
        line.segmentCount === undefined ? '' : `${line.segmentCount} × ${line.encoding ?? ''}`;
      const details = [cost, line.result, `${Math.round(line.ms)} ms`].filter(
        (part) => part !== '',
      );
      say(
        terminal,
        `   ${mark(line.ok)} ${who}  ${quote(line.text)}  ${styled(terminal, 'dim', details.join(' · '))}`,
      );
    },
    check(claim, happened) {
      held &&= happened;
      sayJson(terminal, { step, claim, happened });
      say(terminal, `   ${mark(happened)} ${claim}`);
    },
    note(line) {
      sayJson(terminal, { step, note: line });
      for (const part of line.split('\n'))
        say(terminal, `     ${styled(terminal, 'dim', part.trim())}`);
    },
  };
}

const quote = (text: string): string => {
  const line = text.replaceAll(/\s+/gu, ' ');
  return `“${line.length > 72 ? `${line.slice(0, 71)}…` : line}”`;
};
