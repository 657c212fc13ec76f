import { startLoopbackServer } from '../carrier/loopback-server.ts';
import type { WebhookMessage } from '../carrier/webhook-request.ts';
import { answerControl, controlRoot } from './control-api.ts';
import { createContext, resetContext, type SimContext } from './context.ts';
import { deliverText } from './inbound.ts';
import { answerMedia } from './media-origin.ts';
import { isOutbound } from './message-store.ts';
import type { TwilioSimOptions } from './options.ts';
import { deliverReceipt, setStatus } from './receipt.ts';
import { answerApi } from './rest-api.ts';
import { signedWebhook, withOneByteChanged } from './signed-webhook.ts';
import type { TwilioSim } from './twilio-sim.ts';

/**
 * Starts a simulated Twilio account on the loopback: a REST API that accepts and refuses messages as Twilio does, and
 * that posts signed webhooks.
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
  const cdn = await startLoopbackServer((request) => answerMedia(context, request));
  const api = await startLoopbackServer(
    (request) =>
      request.path.startsWith(controlRoot)
        ? answerControl(sim, request)
        : answerApi(context, request),
    options.port,
  ).catch(async (error: unknown) => {
    await cdn.close();
    throw error;
  });
  context.url = api.url;
  context.cdnUrl = cdn.url;
  const sim = createSim(context, async () => {
    context.accepted.dismiss('the simulator was closed');
    await context.inFlight.stop(context.timing.closeGraceMs);
    await Promise.all([api.close(), cdn.close()]);
  });
  return sim;
}

function createSim(context: SimContext, stop: () => Promise<void>): TwilioSim {
  let closing: Promise<void> | undefined;
  const post = (message: WebhookMessage): ReturnType<TwilioSim['post']> => {
    const { connectTimeoutMs, readTimeoutMs } = context.timing;
    const { signal } = context.inFlight;
    const limits = { connectTimeoutMs, readTimeoutMs, signal };
    return context.inFlight.track(context.sender.send(message, limits));
  };
  return {
    url: context.url,
    baseUrl: context.url,
    cdnUrl: context.cdnUrl,
    faults: context.faults,
    get numbers() {
      return context.numbers.all;
    },
    get messages() {
      return context.messages.outbound;
    },
    get autoReplies() {
      return context.autoReplies.entries;
    },
    get optOuts() {
      return context.optOuts.pairs;
    },
    get alerts() {
      return context.alerts.entries;
    },
    get cdnRequests() {
      return context.cdnRequests.entries;
    },
    setNumber: (number, change) => context.numbers.change(number, change),
    text: (text) => context.inFlight.track(deliverText(context, text)),
    async redeliver({ request }) {
      return post(requireWebhook(request));
    },
    forge: ({ request }) => withOneByteChanged(requireWebhook(request)),
    post,
    sign: (url, parameters) => signedWebhook(context, url, 'POST', new URLSearchParams(parameters)),
    nextMessage({ to, matching, timeoutMs = 5_000 } = {}) {
      const wanted = to === undefined ? 'a message' : 'a message to one recipient';
      return context.accepted.next(
        (message) =>
          (to === undefined || message.to === to) &&
          (matching === undefined || contains(message.body, matching)),
        timeoutMs,
        wanted,
      );
    },
    async receipt(sid, status, { errorCode } = {}) {
      const record = context.messages.get(sid);
      if (record === undefined || !isOutbound(record)) {
        throw new RangeError('there is no message with this sid; `messages` lists them');
      }
      setStatus(context, record, status, errorCode);
      return context.inFlight.track(deliverReceipt(context, record, status, errorCode));
    },
    settled: () => context.inFlight.settled(),
    reset: () => resetContext(context),
    close() {
      closing ??= stop();
      return closing;
    },
  };
}

function contains(text: string, matching: string | RegExp): boolean {
  return typeof matching === 'string' ? text.includes(matching) : text.search(matching) >= 0;
}

function requireWebhook(request: WebhookMessage | undefined): WebhookMessage {
  if (request !== undefined) return request;
  throw new RangeError('the delivery had no webhook: the number has no `messageUrl`');
}
