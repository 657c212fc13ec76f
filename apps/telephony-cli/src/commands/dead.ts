import { CommandFailure, exitCode } from '../exit-code.ts';
import { excerpt, printable, timeOf } from '../printable.ts';
import { openRecords } from '../records.ts';
import { table } from '../table.ts';
import { count, say, sayJson, styled, type Terminal } from '../terminal.ts';
import type { WorkplaceOptions } from '../workplace.ts';

/** Options of `telephony dead retry`. */
export interface RetryDeadOptions extends WorkplaceOptions {
  readonly all?: boolean;
}

/** The most that is read of each queue at once. */
const limit = 10_000;

/** Shows what was given up and waits for a person. */
export async function listDead(terminal: Terminal, options: WorkplaceOptions): Promise<void> {
  const records = await openRecords(options);
  try {
    const dead = await records.view.dead.list({ limit });
    for (const one of dead) sayJson(terminal, one);
    if (dead.length === 0) return say(terminal, 'Nothing was given up.');
    const rows = dead.map((one) => [
      one.queue,
      timeOf(one.diedAt),
      String(one.attemptCount),
      printable(one.queue === 'outbox' ? (one.to ?? '') : (one.from ?? '')),
      excerpt(one.text ?? '', 30),
      excerpt(one.reason, 40),
      one.id,
    ]);
    const header = ['queue', 'given up (UTC)', 'tries', 'who', 'text', 'why', 'id'];
    say(terminal, table(terminal, header, rows));
    say(terminal, '`telephony dead retry <id>` tries one again, once its cause is mended.');
  } finally {
    await records.close();
  }
}

/** Puts what was given up back into its queue. */
export async function retryDead(
  terminal: Terminal,
  ids: readonly string[],
  options: RetryDeadOptions,
): Promise<void> {
  if (ids.length > 0 === (options.all === true)) {
    throw new CommandFailure(
      'which? Give ids from `telephony dead list`, or --all',
      exitCode.usage,
    );
  }
  const records = await openRecords(options);
  try {
    const { dead } = records.view;
    const wanted = options.all === true ? (await dead.list({ limit })).map(({ id }) => id) : ids;
    const missing: string[] = [];
    for (const id of wanted) {
      const isRetried = await dead.retry(id);
      sayJson(terminal, { id, retried: isRetried });
      if (!isRetried) missing.push(id);
    }
    const retried = wanted.length - missing.length;
    say(
      terminal,
      `${styled(terminal, 'green', '✓')} ${retried} put back; a running \`telephony serve\` takes it from there`,
    );
    if (missing.length > 0) {
      const names = missing.map((id) => printable(id)).join(', ');
      throw new CommandFailure(`${count(missing.length, 'id')} not among the dead: ${names}`);
    }
  } finally {
    await records.close();
  }
}
