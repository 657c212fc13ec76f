import type { SendProgress } from '@openclaw/telephony-server';
import type { Workplace } from '../../src/workplace.ts';
import { grouped } from './grouped.testing.ts';
import { type JournalLine, readJournal } from './journal.testing.ts';
import type { Attempted } from './kills.testing.ts';
import { depths, type Scene } from './scene.testing.ts';

/** What became of everything. The lists name the texts and sends that break a promise, and are empty. */
export interface KillAccount {
  readonly figures: {
    readonly texts: number;
    readonly acknowledged: number;
    readonly handled: number;
    /** Texts that were being handled when the server was killed, and were handled again. */
    readonly handledAgain: number;
    readonly sends: number;
    /** Messages that the carrier has. */
    readonly messages: number;
    /** Sends whose fate nobody knows, and which the carrier does not have. */
    readonly unknown: number;
  };
  readonly acknowledgedButNotHandled: readonly string[];
  /** Handled again although another text of the same conversation had begun since. */
  readonly handledTwice: readonly string[];
  readonly handledOutOfOrder: readonly string[];
  /** Texts of ours that the carrier accepted more than once. */
  readonly sentTwice: readonly string[];
  /** The carrier has them, and we do not know it. */
  readonly acceptedButNotKnown: readonly string[];
  /** We say that the carrier has them, and it has not. */
  readonly knownButNotAccepted: readonly string[];
  /** Neither accepted nor unknown. */
  readonly undecided: readonly string[];
  readonly left: { readonly waiting: number; readonly running: number; readonly dead: number };
}

/** Compares what the harness did with what the application saw, what the carrier has and what the store says. */
export async function settleAccounts(
  { sim, journal }: Scene,
  observer: Workplace,
  { texts, sends }: Attempted,
): Promise<KillAccount> {
  const lines = readJournal(journal);
  const begun = lines.filter(({ what }) => what === 'begin');
  const ended = new Set(lines.filter(({ what }) => what === 'end').map(({ name }) => name));
  const conversations = grouped(begun, ({ name }) => texts.get(name)?.from ?? 'nobody');
  const order = [...texts.keys()];
  const answers = new Map(
    lines.flatMap(({ what, name, id }) => (what === 'answer' && id ? [[id, `re ${name}`]] : [])),
  );
  const wanted = new Map([...answers, ...[...sends].map((id) => [id, `out ${id}`] as const)]);

  const accepted = grouped(sim.messages, ({ body }) => body);
  const known: { readonly id: string; readonly body: string; readonly progress?: SendProgress }[] =
    [];
  for (const [id, body] of wanted) {
    const progress = await observer.server.sendProgress(id);
    known.push({ id, body, ...(progress ? { progress } : {}) });
  }
  const stateOf = ({ progress }: (typeof known)[number]): string =>
    progress?.messages[0]?.state ?? 'none';
  const isAtCarrier = ({ body }: { readonly body: string }): boolean => accepted.has(body);
  const ids = (of: typeof known): string[] => of.map(({ id }) => id);

  return {
    figures: {
      texts: texts.size,
      acknowledged: [...texts.values()].filter(({ acknowledged }) => acknowledged).length,
      handled: ended.size,
      handledAgain: begun.length - new Set(begun.map(({ name }) => name)).size,
      sends: wanted.size,
      messages: sim.messages.length,
      unknown: known.filter((send) => stateOf(send) === 'unknown').length,
    },
    acknowledgedButNotHandled: order.filter(
      (name) => texts.get(name)?.acknowledged === true && !ended.has(name),
    ),
    handledTwice: [...conversations.values()].flatMap(namesThatComeBack),
    handledOutOfOrder: [...conversations.values()].flatMap((names) => outOfOrder(names, order)),
    sentTwice: [...accepted].filter(([, messages]) => messages.length > 1).map(([body]) => body),
    acceptedButNotKnown: ids(known.filter((send) => isAtCarrier(send) && !knows(send, accepted))),
    knownButNotAccepted: ids(
      known.filter((send) => stateOf(send) === 'accepted' && !isAtCarrier(send)),
    ),
    undecided: ids(known.filter((send) => !['accepted', 'unknown'].includes(stateOf(send)))),
    left: await depths(observer),
  };
}

/** Whether the store names the very message that the carrier has. */
function knows(
  { body, progress }: { readonly body: string; readonly progress?: SendProgress },
  accepted: ReadonlyMap<string, readonly { readonly id: string }[]>,
): boolean {
  const [message] = progress?.messages ?? [];
  return (
    message?.state === 'accepted' &&
    (accepted.get(body) ?? []).some(({ id }) => id === message.messageId)
  );
}

/** Repetitions in a row are the one text that was in flight; any other repetition is one too many. */
function namesThatComeBack(lines: readonly JournalLine[]): string[] {
  const runs = lines.filter(({ name }, index) => lines[index - 1]?.name !== name);
  const seen = new Set<string>();
  return runs.flatMap(({ name }) => {
    if (seen.has(name)) return [name];
    seen.add(name);
    return [];
  });
}

function outOfOrder(lines: readonly JournalLine[], order: readonly string[]): string[] {
  const places = new Map(order.map((name, place) => [name, place]));
  const placeOf = (line: JournalLine | undefined): number => places.get(line?.name ?? '') ?? -1;
  return lines
    .filter((line, index) => placeOf(line) < placeOf(lines[index - 1]))
    .map(({ name }) => name);
}
