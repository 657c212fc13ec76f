import type { AccountView, ScheduledText } from '@openclaw/telephony-server';

/** How many texts are to leave later. */
export interface ScheduledFigures {
  readonly count: number;
  /** Of these, should have left: they wait for a limit, or for a server that runs. */
  readonly overdueCount: number;
}

/** What may lie between the moment of a text and the look that finds it due. */
const graceMs = 60_000;

/** Whether a text should have left already. */
export const isOverdue = ({ sendAt }: Pick<ScheduledText, 'sendAt'>, now = new Date()): boolean =>
  now.getTime() - sendAt.getTime() > graceMs;

/** Counts what is scheduled. */
export async function countScheduled({ scheduled }: AccountView): Promise<ScheduledFigures> {
  const texts = await scheduled.list({ limit: Infinity });
  return { count: texts.length, overdueCount: texts.filter((text) => isOverdue(text)).length };
}
