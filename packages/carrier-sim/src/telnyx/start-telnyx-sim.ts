import { setStatus } from '../carrier/message-journey.ts';
import { waitForCall } from '../carrier/inbound-call.ts';
import { startSim, waitForMessage } from '../carrier/start-sim.ts';
import { refusals } from './api-reply.ts';
import { createTelnyxContext, resetTelnyx } from './context.ts';
import { magicNumbers } from './destinations.ts';
import { deliverText, draftText } from './inbound.ts';
import { callIn } from './inbound-call.ts';
import { type OutboundRecord, telnyxStatuses } from './message.ts';
import { deliverReceipt } from './message-journey.ts';
import type { TelnyxSimOptions } from './options.ts';
import { answerApi } from './rest-api.ts';
import { signedWebhook } from './signed-event.ts';
import type { TelnyxSim, TelnyxSimTypes } from './telnyx-sim.ts';

/**
 * Starts a simulated Telnyx account on the loopback: a REST API that accepts and refuses messages and calls as
 * Telnyx does, and that posts signed webhooks.
 *
 * @throws {RangeError} when `apiKey` is empty, or `privateKey` is no seed
 * @example
 * const sim = await startTelnyxSim({
 *   apiKey: 'not-a-real-key',
 *   numbers: [{ number: '+15550100100', messageUrl: 'http://127.0.0.1:3000/sms' }],
 * });
 * const delivery = await sim.text({ from: '+15550100123', to: '+15550100100', text: 'Hello' });
 * await sim.close();
 */
export async function startTelnyxSim(options: TelnyxSimOptions): Promise<TelnyxSim> {
  if (options.apiKey === '') throw new RangeError('`apiKey` is empty');
  const context = createTelnyxContext(options);
  const { profiles, connections, key } = context;
  const sim = await startSim<TelnyxSimTypes, OutboundRecord>({
    carrier: 'telnyx',
    context,
    refusals,
    magicNumbers,
    statuses: telnyxStatuses,
    numbers: () => context.numbers.all,
    messages: () => context.messages.outbound,
    calls: () => context.calls.all,
    setNumber: (number, change) => context.numbers.change(number, change),
    text: (text) => deliverText(context, text),
    draft: (text) => draftText(context, text),
    sign: (url, document) => signedWebhook(context, url, document),
    nextMessage: waitForMessage(context),
    callIn: (call) => callIn(context, call),
    nextCall: waitForCall(context),
    receipt(record, status, errorCode) {
      setStatus(context, record, status, errorCode);
      return deliverReceipt(context, record, status, errorCode);
    },
    reset: () => resetTelnyx(context),
    answer: (request) => answerApi(context, request),
    state: () => ({
      publicKey: key.publicKey,
      profiles: profiles.all,
      callControlApplications: connections.all,
    }),
  });
  const { publicKey } = key;
  return Object.assign(sim, {
    publicKey,
    messagingProfile: (id: string) => profiles.get(id),
    callControlApplication: (id: string) => connections.get(id),
  });
}
