/** What somebody does when the carrier asks for keys or words. */
export type CallInput = { readonly digits: string } | { readonly speech: string };

/** How the person, or the machine, on the other telephone behaves. */
export interface FarEnd {
  /** Who answers a call of the application's, or why nobody does; default `human`. */
  readonly answer?: 'human' | 'machine' | 'busy' | 'no-answer' | 'rejects' | 'unreachable';
  /** How long it rings before that, in seconds of the call; default 2. */
  readonly ringSeconds?: number;
  /** Hangs up so many seconds after the call was answered; default: stays until the call is ended. */
  readonly hangsUpAfterSeconds?: number;
  /** What is keyed or said when the application asks, one for each question; then nothing. */
  readonly inputs?: readonly CallInput[];
}

/** How the telephones behave that this account has to do with. */
export interface FarEnds {
  set(number: string, farEnd: FarEnd): void;
  of(number: string): FarEnd;
  clear(): void;
}

/** One number for each way not to be a person who answers, the same on every carrier. */
export const magicFarEnds = {
  busy: '+15005555001',
  noAnswer: '+15005555002',
  rejects: '+15005555003',
  unreachable: '+15005555004',
  machine: '+15005555005',
} as const;

const magic: ReadonlyMap<string, FarEnd> = new Map<string, FarEnd>([
  [magicFarEnds.busy, { answer: 'busy' }],
  [magicFarEnds.noAnswer, { answer: 'no-answer' }],
  [magicFarEnds.rejects, { answer: 'rejects' }],
  [magicFarEnds.unreachable, { answer: 'unreachable' }],
  [magicFarEnds.machine, { answer: 'machine' }],
]);

/** Makes telephones that all have a person who answers, but for the magic numbers. */
export function createFarEnds(): FarEnds {
  const chosen = new Map<string, FarEnd>();
  return {
    set(number, farEnd) {
      for (const seconds of [farEnd.ringSeconds, farEnd.hangsUpAfterSeconds]) {
        if (seconds !== undefined && !(seconds >= 0)) {
          throw new RangeError('a time in seconds is 0 or more');
        }
      }
      chosen.set(number, farEnd);
    },
    of: (number) => chosen.get(number) ?? magic.get(number) ?? {},
    clear: () => chosen.clear(),
  };
}
