import { newCall } from '../carrier/call.ts';
import { createCallLine } from '../carrier/call-line.ts';
import type { InboundCall } from '../carrier/inbound-call.ts';
import { callStatusOf, type TelnyxCallRecord } from './call.ts';
import { createCallEvents } from './call-events.ts';
import { callIds } from './call-ids.ts';
import { comeIn } from './call-journey.ts';
import { maxTimeLimitSeconds } from './call-rules.ts';
import type { TelnyxContext } from './context.ts';

/**
 * Calls one of our numbers, and resolves once the call has ended.
 *
 * @throws {RangeError} when the account has no such number, or no more calls are taken
 */
export async function callIn(
  context: TelnyxContext,
  input: InboundCall,
): Promise<TelnyxCallRecord> {
  const number = context.numbers.get(input.to);
  if (number === undefined) {
    throw new RangeError('`to` is no number of this account; name it in `numbers` at the start');
  }
  const { calls, queues, connections, random } = context;
  if (calls.full) throw new RangeError('the simulator keeps no more calls; reset it');
  const { from, to, givesUpAfterSeconds = 60, parameters: extra = {} } = input;
  const application = connections.get(number.connectionId);
  const call: TelnyxCallRecord = newCall(
    context.now,
    {
      ...callIds(random),
      direction: 'inbound' as const,
      from,
      to,
      connectionId: application?.id ?? '',
      clientState: undefined,
      timeLimitSeconds: maxTimeLimitSeconds,
    },
    'parked',
  );
  const farEnd = { ...calls.farEnds.of(from), ...input.farEnd };
  const line = createCallLine<'command'>(context, call, { farEnd, statusOf: callStatusOf });
  const urls = [application?.webhookUrl, application?.webhookFailoverUrl].filter(
    (url): url is string => url !== undefined && url !== '',
  );
  const tell = createCallEvents(context, call, { urls, extra });
  const queue = { commands: [], isIdle: false };
  calls.add(call, line);
  queues.set(call.id, queue);
  if (urls.length === 0) line.end({ reason: 'failed', by: 'error' });
  await comeIn(context, { call, line, tell }, { givesUpAfterSeconds, queue });
  return call;
}
