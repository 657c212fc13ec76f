import { redactAddress } from '@openclaw/telephony-core';
import type { UnknownDecision } from '@openclaw/telephony-server';
import { CommandFailure, exitCode } from '../exit-code.ts';
import { excerpt, printable, timeOf } from '../printable.ts';
import { openRecords } from '../records.ts';
import { assertSent, settled } from '../sent.ts';
import { table } from '../table.ts';
import { count, say, sayJson, styled, type Terminal } from '../terminal.ts';
import { openWorkplace, type WorkplaceOptions } from '../workplace.ts';

/** Options of `telephony unknown resolve`. */
export interface ResolveUnknownOptions extends WorkplaceOptions {
  readonly as: UnknownDecision;
  readonly timeout: number;
}

/** Shows the messages of which nobody here knows whether the carrier has them. */
export async function listUnknown(terminal: Terminal, options: WorkplaceOptions): Promise<void> {
  const records = await openRecords(options);
  try {
    const unknown = await records.view.unknownSends();
    for (const { sendId, index, item, code, since } of unknown) {
      const { to, messages } = item;
      sayJson(terminal, {
        sendId,
        index,
        to,
        text: messages.map((message) => message.text).join(''),
        code,
        since,
      });
    }
    if (unknown.length === 0) return say(terminal, 'The fate of every message is known.');
    const rows = unknown.map(({ sendId, item, code, since }) => [
      timeOf(since),
      printable(item.to),
      excerpt(item.messages.map((message) => message.text).join(''), 40),
      code,
      sendId,
    ]);
    say(terminal, table(terminal, ['since (UTC)', 'to', 'text', 'why', 'send'], rows));
    say(
      terminal,
      'Look in the console of the carrier, then: telephony unknown resolve <send> --as sent | send-again',
    );
  } finally {
    await records.close();
  }
}

/** Carries out what a person decided of the unknown messages of one send. */
export async function resolveUnknown(
  terminal: Terminal,
  sendId: string,
  options: ResolveUnknownOptions,
): Promise<void> {
  const workplace = await openWorkplace(options);
  try {
    const { server } = workplace;
    const resolved = await server.resolveUnknown(sendId, options.as);
    sayJson(terminal, resolved);
    const { messageCount, sentAgainAs } = resolved;
    if (messageCount === 0 && sentAgainAs.length === 0) {
      throw new CommandFailure(
        `nothing of ${printable(sendId)} is unknown: see \`telephony unknown list\``,
        exitCode.failed,
      );
    }
    const mark = styled(terminal, 'green', '✓');
    say(terminal, `${mark} ${count(messageCount, 'message')} noted as ${options.as}`);
    if (sentAgainAs.length === 0) return;
    server.start({ inbox: false, scheduled: false });
    for (const id of sentAgainAs) {
      const progress = await settled(server, id, options.timeout * 1000);
      sayJson(terminal, { id, messages: progress.messages });
      assertSent(progress, redactAddress(progress.to));
    }
    say(terminal, `${mark} sent again`);
  } finally {
    await workplace.close();
  }
}
