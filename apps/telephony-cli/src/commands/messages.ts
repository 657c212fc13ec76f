import type {
  Delivery,
  LoggedMessage,
  MessageDetails,
  MessageFilter,
} from '@openclaw/telephony-server';
import { CommandFailure } from '../exit-code.ts';
import { excerpt, printable, timeOf } from '../printable.ts';
import { openRecords } from '../records.ts';
import { table } from '../table.ts';
import { count, say, sayJson, styled, type Terminal } from '../terminal.ts';
import type { WorkplaceOptions } from '../workplace.ts';

/** Options of `telephony messages list` and `tail`. */
export interface MessagesOptions extends WorkplaceOptions {
  readonly limit: number;
  readonly direction?: 'inbound' | 'outbound';
  /** The other person's number. */
  readonly with?: string;
  /** `list` only: the id of the last message of the page before. */
  readonly after?: string;
}

/** Shows the newest texts, in and out. */
export async function listMessages(terminal: Terminal, options: MessagesOptions): Promise<void> {
  const records = await openRecords(options);
  try {
    const { limit, after } = options;
    const page = { ...filterOf(options), limit, ...(after === undefined ? {} : { after }) };
    const messages = await records.view.messages.list(page);
    for (const message of messages) sayJson(terminal, message);
    if (messages.length === 0) return say(terminal, 'No texts.');
    const rows = messages.map((message) => [
      timeOf(message.at),
      arrow(terminal, message),
      printable(otherOf(message)),
      excerpt(wordsOf(message)),
      message.id,
    ]);
    say(terminal, table(terminal, ['when (UTC)', '', 'who', 'text', 'id'], rows));
  } finally {
    await records.close();
  }
}

/** Shows one text with everything that is known of it. */
export async function showMessage(
  terminal: Terminal,
  id: string,
  options: WorkplaceOptions,
): Promise<void> {
  const records = await openRecords(options);
  try {
    const details = await records.view.messages.show(id);
    if (details === undefined) {
      throw new CommandFailure(`no text is known as ${printable(id)}; texts are kept for 30 days`);
    }
    sayJson(terminal, details);
    for (const line of linesOf(terminal, details)) say(terminal, line);
  } finally {
    await records.close();
  }
}

/** Shows texts as they come and go, until it is told to stop. */
export async function tailMessages(
  terminal: Terminal,
  options: MessagesOptions,
  stop: AbortSignal,
): Promise<void> {
  const records = await openRecords(options);
  const unread = new AbortController();
  terminal.stdout.once('error', () => unread.abort());
  try {
    const signal = AbortSignal.any([stop, unread.signal]);
    const filter = filterOf(options);
    const { messages } = records.view;
    const live = messages.tail({ ...filter, signal })[Symbol.asyncIterator]();
    // Its first look goes before the list, so that nothing can come in between unseen.
    let next = live.next();
    const past = (await messages.list({ ...filter, limit: options.limit })).toReversed();
    const shown = new Set(past.map(({ id }) => id));
    for (const message of past) tell(terminal, message);
    for (let step = await next; step.done !== true; step = await next) {
      if (!shown.has(step.value.id)) tell(terminal, step.value);
      next = live.next();
    }
  } finally {
    await records.close();
  }
}

const filterOf = ({ direction, with: other }: MessagesOptions): MessageFilter => ({
  ...(direction === undefined ? {} : { direction }),
  ...(other === undefined ? {} : { with: other }),
});

function tell(terminal: Terminal, message: LoggedMessage): void {
  sayJson(terminal, message);
  const when = styled(terminal, 'dim', timeOf(message.at));
  const who = printable(otherOf(message));
  say(terminal, `${when} ${arrow(terminal, message)} ${who}  ${printable(wordsOf(message))}`);
}

const arrow = (terminal: Terminal, { direction }: LoggedMessage): string =>
  direction === 'inbound' ? styled(terminal, 'cyan', '→') : styled(terminal, 'green', '←');

const otherOf = ({ direction, from, to }: LoggedMessage): string =>
  direction === 'inbound' ? from : to;

function wordsOf({ text, mediaCount }: LoggedMessage): string {
  const files = mediaCount === 0 ? '' : `[${count(mediaCount, 'file')}]`;
  return [text, files].filter((part) => part !== '').join(' ');
}

function* linesOf(
  terminal: Terminal,
  { message, progress, deliveries }: MessageDetails,
): Iterable<string> {
  const { direction, from, to, segmentCount, keyword, purpose } = message;
  yield `${styled(terminal, 'bold', direction)}  ${printable(from)} → ${printable(to)}  ${timeOf(message.at)} UTC`;
  for (const line of message.text.split('\n')) yield `  ${printable(line)}`;
  if (message.mediaCount > 0) yield `  ${count(message.mediaCount, 'file')}`;
  if (keyword !== undefined)
    yield `  a word of consent (${keyword}): the application did not see it`;
  const facts = [
    ...(segmentCount === undefined ? [] : [count(segmentCount, 'segment')]),
    ...(purpose === undefined ? [] : [`sent as ${purpose}`]),
  ];
  if (facts.length > 0) yield `  ${facts.join(', ')}`;
  for (const [index, part] of progress?.messages.entries() ?? []) {
    const reason = part.state === 'failed' ? `: ${part.reason}` : '';
    yield `  message ${index + 1}: ${part.state}${reason}${'messageId' in part ? ` as ${part.messageId}` : ''}`;
  }
  for (const delivery of deliveries) yield `  ${deliveryLine(terminal, delivery)}`;
  yield styled(terminal, 'dim', `  id ${message.id}, in the log as ${message.correlationId}`);
}

/** One line about what the carrier says of a message. */
export function deliveryLine(terminal: Terminal, delivery: Delivery): string {
  const { messageId, status, carrierErrorCode, contradicted, updatedAt } = delivery;
  const error = carrierErrorCode === undefined ? '' : ` (error ${carrierErrorCode})`;
  const doubt = contradicted ? ', after two ends that cannot both be right' : '';
  return `${messageId}  ${styled(terminal, colourOf(status), status)}${error}${doubt}  ${timeOf(updatedAt)}`;
}

/** Green has arrived, red will not, yellow may. */
export function colourOf(status: Delivery['status']): 'green' | 'red' | 'yellow' {
  if (status === 'delivered' || status === 'read') return 'green';
  return status === 'failed' || status === 'undelivered' ? 'red' : 'yellow';
}
