import { setStatus } from '../carrier/message-journey.ts';
import { waitForCall } from '../carrier/inbound-call.ts';
import { startSim, waitForMessage } from '../carrier/start-sim.ts';
import { createApiReplies, createRefusals } from './api-reply.ts';
import { createPlivoContext, resetPlivo } from './context.ts';
import { magicNumbers } from './destinations.ts';
import { deliverText, draftText } from './inbound.ts';
import { callIn } from './inbound-call.ts';
import { type OutboundRecord, plivoStatuses } from './message.ts';
import { deliverReceipt } from './message-journey.ts';
import type { PlivoSimOptions } from './options.ts';
import type { PlivoSim, PlivoSimTypes } from './plivo-sim.ts';
import { answerApi } from './rest-api.ts';
import { signedWebhook } from './signed-webhook.ts';

/**
 * Starts a simulated Plivo account on the loopback: a REST API that accepts and refuses messages and calls as Plivo
 * does, and that posts signed webhooks.
 *
 * @throws {RangeError} when `authId` or `authToken` is none
 * @example
 * const sim = await startPlivoSim({
 *   authId: 'MAXXXXXXXXXXXXXXXXXX',
 *   authToken: 'not-a-real-token',
 *   numbers: [{ number: '+15550100100', messageUrl: 'http://127.0.0.1:3000/sms' }],
 * });
 * const delivery = await sim.text({ from: '+15550100123', to: '+15550100100', text: 'Hello' });
 * await sim.close();
 */
export async function startPlivoSim(options: PlivoSimOptions): Promise<PlivoSim> {
  if (!/^MA[0-9A-Z]{4,}$/u.test(options.authId)) {
    throw new RangeError('`authId` is not MA and capital letters and digits');
  }
  if (options.authToken === '') throw new RangeError('`authToken` is empty');
  const context = createPlivoContext(options);
  const replies = createApiReplies(context.random);
  const sim = await startSim<PlivoSimTypes, OutboundRecord>({
    carrier: 'plivo',
    context,
    refusals: createRefusals(replies),
    magicNumbers,
    statuses: plivoStatuses,
    numbers: () => context.numbers.all,
    messages: () => context.messages.outbound,
    calls: () => context.calls.all,
    setNumber: (number, change) => context.numbers.change(number, change),
    text: (text) => deliverText(context, text),
    draft: (text) => draftText(context, text),
    sign: (url, fields) =>
      signedWebhook(context, {
        url,
        method: 'POST',
        parameters: new URLSearchParams(fields),
        subaccount: undefined,
      }),
    nextMessage: waitForMessage(context),
    callIn: (call) => callIn(context, call),
    nextCall: waitForCall(context),
    receipt(record, status, errorCode) {
      setStatus(context, record, status, errorCode);
      return deliverReceipt(context, record, status, errorCode);
    },
    reset: () => resetPlivo(context),
    answer: (request) => answerApi(context, replies, request),
    state: () => ({ applications: context.applications.all }),
  });
  return Object.assign(sim, { application: (id: string) => context.applications.get(id) });
}
