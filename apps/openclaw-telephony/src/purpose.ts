import type { OutboundRequest } from '@openclaw/telephony-server';
import type { Awaited } from './awaited.ts';

/**
 * As what a send of the host's leaves. A person at the gateway may text anybody that `outbound.allowTo` allows. Whatever
 * comes without a person behind it answers somebody who texted, or was decided by an agent: both reach only those who
 * were let in, and an answer also leaves in the quiet hours.
 */
export async function purposeOf(
  scopes: readonly string[],
  to: string,
  { awaits }: Pick<Awaited, 'awaits'>,
): Promise<NonNullable<OutboundRequest['purpose']>> {
  if (scopes.includes('operator.write') || scopes.includes('operator.admin')) return 'operator';
  return (await awaits(to)) ? 'reply' : 'agent';
}
