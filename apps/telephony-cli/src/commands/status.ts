import type { AccountView, CallRecord, Delivery, SendProgress } from '@openclaw/telephony-server';
import type { TelephonyConfig } from '@openclaw/telephony-config';
import { CommandFailure } from '../exit-code.ts';
import { printable } from '../printable.ts';
import { openRecords } from '../records.ts';
import { findRunningServer } from '../running-server.ts';
import { countScheduled, type ScheduledFigures } from '../scheduled-figures.ts';
import { table } from '../table.ts';
import { count, say, sayJson, styled, type Terminal } from '../terminal.ts';
import { openWorkplace, type Workplace, type WorkplaceOptions } from '../workplace.ts';
import { colourOf, deliveryLine } from './messages.ts';

/** Tells what became of a message or a call; without an id, how the number is. */
export async function status(
  terminal: Terminal,
  id: string | undefined,
  options: WorkplaceOptions,
): Promise<void> {
  await (id === undefined ? numberStatus(terminal, options) : messageStatus(terminal, id, options));
}

/** What is known here of a message, and else what the carrier says. */
async function messageStatus(
  terminal: Terminal,
  id: string,
  options: WorkplaceOptions,
): Promise<void> {
  const workplace = await openWorkplace(options);
  try {
    const call = await workplace.server.callRecord(id);
    if (call !== undefined) return tellCall(terminal, call);
    const sent = await workplace.server.sendProgress(id);
    if (sent !== undefined) return await tellSend(terminal, workplace, sent);
    // A person who asks wants to know it as it is now, however lately a receipt was heard.
    const delivery = await workplace.server.refreshDelivery(id);
    if (delivery === undefined) throw new CommandFailure(`nothing is known of ${printable(id)}`);
    tellDelivery(terminal, delivery);
  } finally {
    await workplace.close();
  }
}

/** Tells what became of each message of a send, by the id that `send --json` gave it. */
async function tellSend(
  terminal: Terminal,
  { server }: Workplace,
  { messages }: SendProgress,
): Promise<void> {
  for (const [index, message] of messages.entries()) {
    const delivery =
      message.state === 'accepted' ? await server.refreshDelivery(message.messageId) : undefined;
    if (messages.length > 1) say(terminal, `${index + 1} of ${messages.length}:`);
    if (delivery !== undefined) tellDelivery(terminal, delivery);
    else {
      sayJson(terminal, { index, ...message });
      say(terminal, `${message.state}${detailOf(message)}`);
    }
  }
}

function detailOf(message: SendProgress['messages'][number]): string {
  if (message.state === 'failed') return `: ${message.reason}`;
  if (message.state === 'handed-over') {
    return ` to account ${message.account}, which sends it as ${message.sendId}`;
  }
  return message.state === 'scheduled' ? ` for ${message.sendAt}` : '';
}

function tellDelivery(terminal: Terminal, delivery: Delivery): void {
  sayJson(terminal, delivery);
  const { status: state, carrierErrorCode, history, contradicted, updatedAt } = delivery;
  const code = carrierErrorCode === undefined ? '' : ` (error ${carrierErrorCode})`;
  say(terminal, `${styled(terminal, colourOf(state), state)}${code}`);
  say(terminal, `  receipts: ${history.join(', ')}`);
  if (contradicted) say(terminal, '  the carrier reported two ends that cannot both be right');
  say(terminal, `  since ${updatedAt.toISOString()}`);
}

/** Tells how far a call of ours has come. */
function tellCall(terminal: Terminal, call: CallRecord): void {
  const { state, reason, callId } = call;
  sayJson(terminal, call);
  say(terminal, `${state}${reason === undefined ? '' : `: ${reason}`}  ${callId ?? ''}`.trimEnd());
}

/** How the number is, out of its database: nobody is asked but a server on this machine whether it runs. */
async function numberStatus(terminal: Terminal, options: WorkplaceOptions): Promise<void> {
  const records = await openRecords(options);
  try {
    const { view, accountId, account, database } = records;
    const running = await findRunningServer(records.store.keyValue);
    const found = await read(view);
    const limits = account?.config.outbound;
    const isUnchecked = account?.config.skipSignatureVerification === true;
    sayJson(terminal, {
      account: accountId,
      ...(account === undefined ? {} : { provider: account.config.provider }),
      database,
      running: running ?? null,
      ...found,
      ...(limits === undefined ? {} : { limits: limitsOf(limits) }),
      ...(isUnchecked ? { skipSignatureVerification: true } : {}),
    });
    const mark =
      running === undefined ? styled(terminal, 'yellow', '–') : styled(terminal, 'green', '✓');
    const where =
      running === undefined
        ? 'no `telephony serve` answers on this data'
        : `running at ${running.listening} since ${running.startedAt}${running.tunnelUrl === undefined ? '' : `, reached at ${running.tunnelUrl}`}`;
    say(terminal, `${mark} account "${accountId}": ${where}`);
    if (isUnchecked) {
      say(
        terminal,
        styled(terminal, 'red', 'signatures are NOT checked: anybody on this machine can text'),
      );
    }
    const rows = Object.entries(found.queues).map(([queue, figures]) => [
      queue,
      String(figures.waiting),
      String(figures.running),
      figures.dead === 0 ? '0' : styled(terminal, 'red', String(figures.dead)),
      duration(figures.oldestWaitingMs),
    ]);
    say(terminal, table(terminal, ['queue', 'waiting', 'running', 'dead', 'oldest'], rows));
    if (found.scheduled.count > 0) say(terminal, scheduledLine(terminal, found.scheduled));
    say(terminal, spendLine(found.spent, limits));
    if (found.unknownCount > 0) {
      const what = `${count(found.unknownCount, 'message')} may or may not have been sent`;
      say(terminal, `${styled(terminal, 'red', what)}: see \`telephony unknown list\``);
    }
    if (found.receipts.length > 0) say(terminal, 'last receipts:');
    for (const delivery of found.receipts) say(terminal, `  ${deliveryLine(terminal, delivery)}`);
  } finally {
    await records.close();
  }
}

async function read(view: AccountView) {
  const [queues, scheduled, spent, unknown, receipts] = await Promise.all([
    view.queues(),
    countScheduled(view),
    view.spent(),
    view.unknownSends(),
    view.receipts({ limit: 5 }),
  ]);
  return { queues, scheduled, spent, unknownCount: unknown.length, receipts };
}

function scheduledLine(terminal: Terminal, figures: ScheduledFigures): string {
  const { overdueCount } = figures;
  const what = `scheduled: ${count(figures.count, 'text')}`;
  if (overdueCount === 0) return what;
  const overdue = styled(terminal, 'yellow', `${overdueCount} overdue`);
  return `${what}, ${overdue}: see \`telephony scheduled list\``;
}

type Limits = Pick<TelephonyConfig['outbound'], 'maxPerHour' | 'maxPerDay' | 'maxSegmentsPerDay'>;

const limitsOf = ({ maxPerHour, maxPerDay, maxSegmentsPerDay }: Limits): Limits => ({
  maxPerHour,
  maxPerDay,
  maxSegmentsPerDay,
});

function spendLine(
  { hour, day }: Awaited<ReturnType<AccountView['spent']>>,
  limits: Limits | undefined,
): string {
  return [
    `sent this hour: ${hour.messageCount}${of(limits?.maxPerHour)}`,
    `this day: ${day.messageCount}${of(limits?.maxPerDay)}, segments ${day.segmentCount}${of(limits?.maxSegmentsPerDay)}`,
  ].join('; ');
}

function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

const of = (limit: number | undefined): string => (limit === undefined ? '' : ` of ${limit}`);
