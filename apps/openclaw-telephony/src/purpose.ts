import type { OutboundRequest } from '@openclaw/telephony-server';
import type { Awaited } from './awaited.ts';

/** What the host says of who is behind a send. */
export interface Behind {
  /** What the client of the gateway may do: a person's, and just as well that of the agent's own message tool. */
  readonly scopes: readonly string[];
  /**
   * Whether it stands in the host's durable queue. What a person sends at the gateway does; what an agent sends there does
   * not, because it dies with the agent's turn. An agent that its owner drives with `openclaw agent` sends as the owner:
   * nothing that the host hands over tells the two apart.
   */
  readonly isQueued: boolean;
}

/**
 * As what a send of the host's leaves. A person at the gateway may text anybody that `outbound.allowTo` allows. Whatever
 * comes without a person behind it answers somebody who texted, or was decided by an agent: both reach only those who
 * were let in, and an answer also leaves in the quiet hours.
 */
export async function purposeOf(
  { scopes, isQueued }: Behind,
  to: string,
  { awaits }: Pick<Awaited, 'awaits'>,
): Promise<NonNullable<OutboundRequest['purpose']>> {
  const mayWrite = scopes.includes('operator.write') || scopes.includes('operator.admin');
  if (mayWrite && isQueued) return 'operator';
  return (await awaits(to)) ? 'reply' : 'agent';
}
