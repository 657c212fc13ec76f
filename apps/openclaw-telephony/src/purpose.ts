import type { OutboundRequest } from '@openclaw/telephony-server';
import type { Awaited } from './awaited.ts';

/**
 * As what a send of the host's leaves: as an answer to somebody who texted lately, else as an agent's own idea. Both reach
 * only those who were let in, and an answer also leaves in the quiet hours.
 *
 * Never as a person's, whatever the client of the gateway may do: the host lets the agent's message tool send with the same
 * rights as `openclaw message send`, and in a run that its owner started with all the same marks. A person who wants to text
 * a stranger has `openclaw telephony send`.
 */
export async function purposeOf(
  to: string,
  { awaits }: Pick<Awaited, 'awaits'>,
): Promise<NonNullable<OutboundRequest['purpose']>> {
  return (await awaits(to)) ? 'reply' : 'agent';
}
