import { followDocuments, type CallRoute } from '../carrier/call-documents.ts';
import { type CallLine, ringFarEnd } from '../carrier/call-line.ts';
import type { FarEnd } from '../carrier/far-end.ts';
import type { TwilioCallRecord } from './call.ts';
import type { CallWebhooks } from './call-webhooks.ts';
import type { SimContext } from './context.ts';

/** A call that is about to begin. */
export interface Departure {
  readonly call: TwilioCallRecord;
  readonly line: CallLine<CallRoute>;
  readonly webhooks: CallWebhooks;
}

/** Takes a call of the application's from the queue to its last report. */
export async function goOut(
  context: SimContext,
  { call, line, webhooks }: Departure,
  {
    farEnd,
    ringTimeoutSeconds,
    first,
  }: {
    readonly farEnd: FarEnd;
    readonly ringTimeoutSeconds: number;
    readonly first: CallRoute;
  },
): Promise<void> {
  const { ask, tell } = webhooks;
  await tell('initiated');
  line.ring();
  await tell('ringing');
  if (await ringFarEnd(line, farEnd, ringTimeoutSeconds)) {
    call.answeredBy = whoAnswered(call, farEnd);
    await tell('answered');
    await followDocuments(call, line, ask, first);
  }
  await finish(context, { call, line, webhooks });
}

/** Takes a call that came in from its first question to its last report. */
export async function comeIn(
  context: SimContext,
  { call, line, webhooks }: Departure,
  url: string | undefined,
  method: 'GET' | 'POST',
): Promise<void> {
  line.ring();
  if (url === undefined || url === '') {
    line.end({ reason: 'failed', by: 'error' });
  } else {
    const steps = await webhooks.ask({ url, method });
    const [first] = steps ?? [];
    if (first?.do === 'reject') {
      line.end({ reason: first.reason, by: 'document' });
    } else if (call.end === undefined) {
      // Any other answer, even one that cannot be understood, picks the call up.
      line.answer();
      if (steps === undefined) line.end({ reason: 'completed', by: 'error' });
      else await followDocuments(call, line, webhooks.ask, { steps });
    }
  }
  await finish(context, { call, line, webhooks });
}

async function finish({ calls }: SimContext, { call, line, webhooks }: Departure): Promise<void> {
  if (call.end !== undefined) {
    await webhooks.tell('completed');
    calls.reached(call, 'ended');
  }
  line.finish();
}

/** What Twilio finds when it was told to listen for a machine. */
function whoAnswered({ parameters }: TwilioCallRecord, { answer }: FarEnd): string | undefined {
  const detection = parameters['MachineDetection'];
  if (typeof detection !== 'string') return undefined;
  if (answer !== 'machine') return 'human';
  return detection === 'DetectMessageEnd' ? 'machine_end_beep' : 'machine_start';
}
