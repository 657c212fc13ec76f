import { waitForCall } from '../carrier/inbound-call.ts';
import { startSim, waitForMessage } from '../carrier/start-sim.ts';
import { createContext, resetTwilio } from './context.ts';
import { magicNumbers } from './destinations.ts';
import { deliverText, draftText } from './inbound.ts';
import { callIn } from './inbound-call.ts';
import { twilioStatuses } from './message.ts';
import type { TwilioSimOptions } from './options.ts';
import { deliverReceipt, moveTo } from './receipt.ts';
import { refusals } from './api-reply.ts';
import { answerApi } from './rest-api.ts';
import { signedWebhook } from './signed-webhook.ts';
import type { TwilioSim, TwilioSimTypes } from './twilio-sim.ts';

/**
 * Starts a simulated Twilio account on the loopback: a REST API that accepts and refuses messages and calls as
 * Twilio does, and that posts signed webhooks.
 *
 * @throws {RangeError} when `accountSid` or `authToken` is none
 * @example
 * const sim = await startTwilioSim({
 *   accountSid: 'AC00000000000000000000000000000000',
 *   authToken: 'not-a-real-token',
 *   numbers: [{ number: '+15550100100', messageUrl: 'http://127.0.0.1:3000/sms' }],
 * });
 * const delivery = await sim.text({ from: '+15550100123', to: '+15550100100', text: 'Hello' });
 * await sim.close();
 */
export async function startTwilioSim(options: TwilioSimOptions): Promise<TwilioSim> {
  if (!/^AC[0-9a-f]{32}$/iu.test(options.accountSid)) {
    throw new RangeError('`accountSid` is not AC and 32 hexadecimal digits');
  }
  if (options.authToken === '') throw new RangeError('`authToken` is empty');
  const context = createContext(options);
  const alerts = context.alerts.entries;
  const sim = await startSim<TwilioSimTypes, (typeof context.messages.outbound)[number]>({
    carrier: 'twilio',
    context,
    refusals,
    magicNumbers,
    statuses: twilioStatuses,
    numbers: () => context.numbers.all,
    messages: () => context.messages.outbound,
    calls: () => context.calls.all,
    setNumber: (number, change) => context.numbers.change(number, change),
    text: (text) => deliverText(context, text),
    draft: (text) => draftText(context, text),
    sign: (url, fields) => signedWebhook(context, url, 'POST', new URLSearchParams(fields)),
    nextMessage: waitForMessage(context),
    receipt(record, status, errorCode) {
      moveTo(context, record, status, errorCode);
      return deliverReceipt(context, record, status, errorCode);
    },
    callIn: (call) => callIn(context, call),
    nextCall: waitForCall(context),
    reset: () => resetTwilio(context),
    answer: (request) => answerApi(context, request),
    state: () => ({ alerts }),
  });
  return Object.assign(sim, { alerts });
}
