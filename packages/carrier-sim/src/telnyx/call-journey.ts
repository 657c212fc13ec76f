import { type CallLine, ringFarEnd } from '../carrier/call-line.ts';
import { takeSteps } from '../carrier/call-steps.ts';
import type { FarEnd } from '../carrier/far-end.ts';
import { hangupOf, type TelnyxCallRecord } from './call.ts';
import type { CallCommand } from './call-commands.ts';
import type { TellOfCall } from './call-events.ts';
import type { TelnyxContext } from './context.ts';

/** A call that is about to begin. */
export interface Departure {
  readonly call: TelnyxCallRecord;
  readonly line: CallLine<'command'>;
  readonly tell: TellOfCall;
}

/** The commands that wait for a call, and whether it waits for one. */
export interface CommandQueue {
  readonly commands: CallCommand[];
  isIdle: boolean;
}

/** Takes a call of the application's from the queue to its last event. */
export async function goOut(
  context: TelnyxContext,
  departure: Departure,
  {
    farEnd,
    ringTimeoutSeconds,
    queue,
  }: {
    readonly farEnd: FarEnd;
    readonly ringTimeoutSeconds: number;
    readonly queue: CommandQueue;
  },
): Promise<void> {
  const { call, line, tell } = departure;
  line.ring();
  await tell('call.initiated', { direction: 'outgoing', state: 'bridging' });
  if (await ringFarEnd(line, farEnd, ringTimeoutSeconds)) {
    await tell('call.answered', { state: 'answered' });
    if (detectsMachines(call)) {
      const result = farEnd.answer === 'machine' ? 'machine' : 'human';
      await tell('call.machine.detection.ended', { result });
    }
    await obey(context, departure, queue);
  }
  await finish(context, departure);
}

/** Takes a call that came in from its first event to its last. */
export async function comeIn(
  context: TelnyxContext,
  departure: Departure,
  {
    givesUpAfterSeconds,
    queue,
  }: { readonly givesUpAfterSeconds: number; readonly queue: CommandQueue },
): Promise<void> {
  const { call, line, tell } = departure;
  line.ring();
  await tell('call.initiated', {
    caller_id_name: call.from,
    direction: 'incoming',
    shaken_stir_attestation: 'A',
    shaken_stir_validated: true,
    state: 'parked',
  });
  // It stays parked until it is answered, or the caller has enough of it.
  if (call.state === 'ringing' && (await line.pass(givesUpAfterSeconds))) {
    line.end({ reason: 'canceled', by: 'far-end' });
  }
  line.takeDiversion();
  if (call.state === 'answered') {
    await tell('call.answered', { state: 'answered' });
    await obey(context, departure, queue);
  }
  await finish(context, departure);
}

function detectsMachines({ parameters }: TelnyxCallRecord): boolean {
  const wanted = parameters['answering_machine_detection'] ?? 'disabled';
  return wanted !== 'disabled';
}

/** Does one command after the other until the call has ended. */
async function obey(
  { inFlight }: TelnyxContext,
  { call, line, tell }: Departure,
  queue: CommandQueue,
): Promise<void> {
  while (call.end === undefined && !inFlight.stopped) {
    const command = queue.commands.shift();
    if (command === undefined) {
      queue.isIdle = true;
      // Until a command comes, somebody hangs up, or the time is over.
      await line.pass(Infinity);
      queue.isIdle = false;
      line.takeDiversion();
    } else {
      // In the order in which they were given.
      await carryOut(command, { call, line, tell });
    }
  }
}

async function carryOut(
  { event, step }: CallCommand,
  { call, line, tell }: Departure,
): Promise<void> {
  const isTold = event === 'call.speak' || event === 'call.playback';
  const about = step.do === 'play' ? { media_url: step.url, overlay: false } : {};
  if (isTold) await tell(`${event}.started`, about);
  const next = await takeSteps(line, [step]);
  const status = call.end === undefined ? 'completed' : 'call_hangup';
  if (isTold) await tell(`${event}.ended`, { ...about, status });
  if (event === 'call.gather') await tell('call.gather.ended', gathered(next?.input, status));
}

function gathered(input: unknown, status: string): { readonly [key: string]: string } {
  const isKeyed = typeof input === 'object' && input !== null && 'digits' in input;
  if (isKeyed && typeof input.digits === 'string') return { digits: input.digits, status: 'valid' };
  return { digits: '', status: status === 'completed' ? 'timeout' : status };
}

async function finish({ calls }: TelnyxContext, { call, line, tell }: Departure): Promise<void> {
  if (call.end !== undefined) {
    await tell('call.hangup', { ...hangupOf(call, call.end), state: 'hangup' });
    calls.reached(call, 'ended');
  }
  line.finish();
}
