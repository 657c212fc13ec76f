import { redactAddress } from '@openclaw/telephony-core';
import type { ScheduledText } from '@openclaw/telephony-server';
import { CommandFailure } from '../exit-code.ts';
import { excerpt, localTimeOf, printable, timeOf } from '../printable.ts';
import { openRecords } from '../records.ts';
import { isOverdue } from '../scheduled-figures.ts';
import { table } from '../table.ts';
import { count, say, sayJson, styled, type Terminal } from '../terminal.ts';
import type { Workplace, WorkplaceOptions } from '../workplace.ts';

/** Options of `telephony scheduled list`. */
export interface ListScheduledOptions extends WorkplaceOptions {
  readonly limit: number;
}

/** Shows what is to leave later, the next one first. */
export async function listScheduled(
  terminal: Terminal,
  options: ListScheduledOptions,
): Promise<void> {
  const records = await openRecords(options);
  try {
    const texts = await records.view.scheduled.list({ limit: options.limit });
    for (const text of texts) sayJson(terminal, { ...text, overdue: isOverdue(text) });
    if (texts.length === 0) return say(terminal, 'Nothing is scheduled.');
    const rows = texts.map((one) => [
      timeOf(one.sendAt),
      isOverdue(one) ? styled(terminal, 'yellow', 'overdue') : '',
      printable(one.to),
      excerpt(wordsOf(one), 40),
      one.id,
    ]);
    say(terminal, table(terminal, ['when (UTC)', '', 'to', 'text', 'id'], rows));
  } finally {
    await records.close();
  }
}

const wordsOf = ({ text, mediaCount }: ScheduledText): string =>
  [text, mediaCount === 0 ? '' : `[${count(mediaCount, 'file')}]`].join(' ').trim();

/** Calls texts off that are to leave later. */
export async function cancelScheduled(
  terminal: Terminal,
  ids: readonly string[],
  options: WorkplaceOptions,
): Promise<void> {
  const records = await openRecords(options);
  try {
    const missing: string[] = [];
    for (const id of ids) {
      const isCancelled = await records.view.scheduled.cancel(id);
      sayJson(terminal, { id, cancelled: isCancelled });
      if (!isCancelled) missing.push(id);
    }
    const cancelled = ids.length - missing.length;
    if (cancelled > 0) {
      say(terminal, `${styled(terminal, 'green', '✓')} ${count(cancelled, 'text')} called off`);
    }
    if (missing.length > 0) {
      const names = missing.map((id) => printable(id)).join(', ');
      throw new CommandFailure(
        `not scheduled, or handed to the outbox already: ${names}; \`telephony status <id>\` tells what became of it`,
      );
    }
  } finally {
    await records.close();
  }
}

/** Says that a text waits for its time, and who will send it then. */
export function tellScheduled(
  terminal: Terminal,
  scheduled: {
    readonly id: string;
    readonly to: string;
    readonly at: Date;
    readonly segmentCount: number;
  },
  { running }: Pick<Workplace, 'running'>,
): void {
  const { id, to, at, segmentCount } = scheduled;
  sayJson(terminal, { id, segmentCount, scheduledFor: at });
  const mark = styled(terminal, 'green', '✓');
  const cost = count(segmentCount, 'segment');
  const [here, utc] = [localTimeOf(at), `${timeOf(at)} UTC`];
  const when = here === utc ? utc : `${here} (${utc})`;
  say(terminal, `${mark} scheduled for ${when} to ${redactAddress(to)}: ${cost}`);
  say(terminal, `  ${id}`);
  if (running === undefined) {
    say(terminal, '  no `telephony serve` answers on this data: it leaves once one runs by then');
  }
}
