import { readKeyword } from '../carrier/opt-out.ts';
import type { PlivoContext } from './context.ts';
import { keywords } from './keywords.ts';
import type { PlivoInboundRecord } from './message.ts';

/** How long the application may say that it has understood. */
const acknowledgementMs = 5 * 60_000;

/** Notes who left and who came back. Plivo answers nothing by itself. */
export function applyKeyword(context: PlivoContext, record: PlivoInboundRecord): void {
  const keyword = readKeyword(record.body, keywords);
  if (keyword === undefined) return;
  const sender = record.powerpackUuid ?? record.to;
  context.optOuts.apply(keyword, sender, record.from);
  const key = keyOf(sender, record.from);
  if (keyword === 'STOP') context.acknowledgements.set(key, context.now() + acknowledgementMs);
  else context.acknowledgements.delete(key);
}

/** True for the one message that may still go out after STOP. */
export function takeAcknowledgement(
  { acknowledgements, now }: PlivoContext,
  sender: string,
  recipient: string,
): boolean {
  const key = keyOf(sender, recipient);
  const until = acknowledgements.get(key);
  acknowledgements.delete(key);
  return until !== undefined && now() <= until;
}

function keyOf(sender: string, recipient: string): string {
  return `${sender} ${recipient}`;
}
