import type { CallEndReason } from './call.ts';
import { type CallLine, secondsToSay } from './call-line.ts';
import type { CallInput } from './far-end.ts';

/** Where a call gets its next document, and what it has to tell there. */
export interface DocumentRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  /** What was keyed or said; absent when nothing was asked. */
  readonly input?: CallInput | 'nothing';
}

/** One thing that a document or a command wants done in a call, in words of no carrier. */
export type CallStep =
  | {
      readonly do: 'say';
      readonly text: string;
      readonly voice?: string;
      readonly language?: string;
    }
  | { readonly do: 'play'; readonly url: string }
  | { readonly do: 'tones'; readonly digits: string }
  | { readonly do: 'pause'; readonly seconds: number }
  | {
      readonly do: 'gather';
      readonly accepts: readonly ('digits' | 'speech')[];
      readonly prompt: readonly CallStep[];
      /** Where the input goes. */
      readonly action: Omit<DocumentRequest, 'input'>;
      readonly maxDigits: number | undefined;
      /** How long it waits when nothing comes. */
      readonly timeoutSeconds: number;
      /** Whether it tells that nothing came; else the next step follows. */
      readonly tellsNothing: boolean;
    }
  | { readonly do: 'stream'; readonly url: string }
  | { readonly do: 'dial'; readonly to: string }
  | { readonly do: 'redirect'; readonly to: DocumentRequest }
  /** Declines a call that was not answered; hangs up one that was. */
  | { readonly do: 'reject'; readonly reason: Extract<CallEndReason, 'busy' | 'rejected'> }
  | { readonly do: 'hang-up' };

/**
 * Does one step after the other until one leads elsewhere or something cuts in.
 *
 * @returns the document that comes next; undefined when the steps are through, or the line was cut
 */
export async function takeSteps(
  line: CallLine,
  steps: readonly CallStep[],
): Promise<DocumentRequest | undefined> {
  for (const step of steps) {
    // They follow each other: that is what a document says.
    const next = await takeStep(line, step);
    if (next === 'cut') return undefined;
    if (next !== 'next') return next;
  }
  return undefined;
}

async function takeStep(line: CallLine, step: CallStep): Promise<'next' | 'cut' | DocumentRequest> {
  if (step.do === 'redirect') return step.to;
  if (step.do === 'gather') return askFarEnd(line, step);
  if (step.do === 'reject' || step.do === 'hang-up') {
    line.end({ reason: 'completed', by: 'document' });
    return 'cut';
  }
  return (await hearStep(line, step)) ? 'next' : 'cut';
}

/** What can be heard: all that a prompt may have, too. */
type AudibleStep = Exclude<CallStep, { readonly do: 'redirect' | 'reject' | 'hang-up' | 'gather' }>;

/** Lets the far end hear one step. False when something cut in. */
function hearStep(line: CallLine, step: AudibleStep): Promise<boolean> {
  switch (step.do) {
    case 'say': {
      const { do: _do, ...speech } = step;
      return line.hear({ kind: 'speech', ...speech, cut: false }, secondsToSay(step.text));
    }
    case 'play': {
      return line.hear({ kind: 'audio', url: step.url, cut: false }, lengthOfAudioSeconds);
    }
    case 'tones': {
      return line.hear({ kind: 'tones', digits: step.digits, cut: false }, step.digits.length / 4);
    }
    case 'pause': {
      return line.hear({ kind: 'silence', seconds: step.seconds, cut: false }, step.seconds);
    }
    case 'stream': {
      return line.hear({ kind: 'stream', url: step.url, cut: false }, 1);
    }
    case 'dial': {
      break;
    }
  }
  return line.hear({ kind: 'transfer', to: step.to, cut: false }, 1);
}

/** Files are not fetched, so each of them is as long. */
const lengthOfAudioSeconds = 5;

async function askFarEnd(
  line: CallLine,
  { prompt, accepts, action, maxDigits, timeoutSeconds, tellsNothing }: GatherStep,
): Promise<'next' | 'cut' | DocumentRequest> {
  for (const step of prompt) {
    if ((await takeStep(line, step)) !== 'next') return 'cut';
  }
  const input = line.nextInput((given) => accepts.some((kind) => kind in given));
  if (!(await line.pass(input === undefined ? timeoutSeconds : 1))) return 'cut';
  if (input === undefined) return tellsNothing ? { ...action, input: 'nothing' } : 'next';
  if ('speech' in input) return { ...action, input };
  return { ...action, input: { digits: input.digits.slice(0, maxDigits) } };
}

type GatherStep = Extract<CallStep, { readonly do: 'gather' }>;
