import type { CarrierSim, SimTypes } from './carrier-sim.ts';
import { withOneByteChanged } from './changed-byte.ts';
import { hangUpReason } from './inbound-call.ts';
import type { CarrierContext } from './context.ts';
import { answerControl, controlRoot } from './control-api.ts';
import {
  type LoopbackReply,
  type LoopbackRequest,
  type LoopbackServer,
  startLoopbackServer,
} from './loopback-server.ts';
import { answerMedia } from './media-origin.ts';
import type { OutboundRecord, ReceiptDelivery } from './message.ts';
import type { Refusals } from './reply-faults.ts';
import type { WebhookMessage } from './webhook-request.ts';

/** What makes a simulator that of one carrier. */
export interface SimParts<Types extends SimTypes, Outbound extends OutboundRecord> extends Pick<
  CarrierSim<Types>,
  | 'carrier'
  | 'magicNumbers'
  | 'setNumber'
  | 'text'
  | 'draft'
  | 'sign'
  | 'callIn'
  | 'nextCall'
  | 'reset'
  | 'statuses'
> {
  readonly context: CarrierContext<Outbound>;
  readonly refusals: Refusals;
  readonly numbers: () => readonly Types['number'][];
  readonly messages: () => readonly Types['message'][];
  readonly calls: () => readonly Types['call'][];
  readonly nextMessage: CarrierSim<Types>['nextMessage'];
  /** Sets the status and posts the callback. */
  readonly receipt: (
    record: Outbound,
    status: Types['message']['status'],
    errorCode: number | undefined,
  ) => Promise<ReceiptDelivery<Types['message']['status']> | undefined>;
  /** Answers a request to the REST API. */
  readonly answer: (request: LoopbackRequest) => Promise<LoopbackReply | 'hang-up'>;
  /** What `GET /_sim/state` tells beyond what all carriers have. */
  readonly state?: () => Readonly<Record<string, unknown>>;
}

/** Starts listening, and puts the surface that all carriers share around the parts of one. */
export async function startSim<Types extends SimTypes, Outbound extends OutboundRecord>(
  parts: SimParts<Types, Outbound>,
): Promise<CarrierSim<Types>> {
  const { context, refusals, answer, state } = parts;
  let sim: CarrierSim<Types> | undefined;
  const cdn = await startLoopbackServer((request) => answerMedia(context, request, refusals));
  const api = await startLoopbackServer(
    (request) =>
      sim !== undefined && request.path.startsWith(controlRoot)
        ? answerControl(sim, request, state)
        : answer(request),
    context.options.port,
  ).catch(async (error: unknown) => {
    await cdn.close();
    throw error;
  });
  context.url = api.url;
  context.cdnUrl = cdn.url;
  sim = createSurface(parts, [api, cdn]);
  return sim;
}

function createSurface<Types extends SimTypes, Outbound extends OutboundRecord>(
  parts: SimParts<Types, Outbound>,
  servers: readonly LoopbackServer[],
): CarrierSim<Types> {
  const { context, carrier, statuses, magicNumbers } = parts;
  let closing: Promise<void> | undefined;
  const post: CarrierSim['post'] = (message) => {
    const { connectTimeoutMs, readTimeoutMs } = context.timing;
    const { signal } = context.inFlight;
    const limits = { connectTimeoutMs, readTimeoutMs, signal };
    return context.inFlight.track(context.sender.send(message, limits));
  };
  const stop = async (): Promise<void> => {
    context.accepted.dismiss('the simulator was closed');
    context.calls.dismiss('the simulator was closed');
    await context.inFlight.stop(context.timing.closeGraceMs);
    await Promise.all(servers.map((server) => server.close()));
  };
  return {
    carrier,
    url: context.url,
    baseUrl: context.url,
    cdnUrl: context.cdnUrl,
    faults: context.faults,
    magicNumbers,
    statuses,
    get numbers() {
      return parts.numbers();
    },
    get messages() {
      return parts.messages();
    },
    get calls() {
      return parts.calls();
    },
    get autoReplies() {
      return context.autoReplies.entries;
    },
    get optOuts() {
      return context.optOuts.pairs;
    },
    get cdnRequests() {
      return context.cdnRequests.entries;
    },
    setNumber: (number, change) => parts.setNumber(number, change),
    text: (text) => context.inFlight.track(parts.text(text)),
    draft: (text) => parts.draft(text),
    async redeliver({ request }) {
      return post(requireWebhook(request));
    },
    forge: ({ request }) => withOneByteChanged(requireWebhook(request)),
    post,
    sign: (url, fields) => parts.sign(url, fields),
    nextMessage: (options) => parts.nextMessage(options),
    async receipt(id, status, { errorCode } = {}) {
      const record = context.messages.sent(id);
      if (record === undefined) {
        throw new RangeError('there is no message with this id; `messages` lists them');
      }
      if (!statuses.includes(status)) {
        throw new RangeError(`the carrier has no such status; it has ${statuses.join(', ')}`);
      }
      return context.inFlight.track(parts.receipt(record, status, errorCode));
    },
    callIn: (call) => context.inFlight.track(parts.callIn(call)),
    nextCall: (options) => parts.nextCall(options),
    async hangUp(id) {
      const call = parts.calls().find((one) => one.id === id);
      const line = context.calls.line(id);
      if (call === undefined || line === undefined) {
        throw new RangeError('there is no call with this id; `calls` lists them');
      }
      line.end({ reason: hangUpReason(call), by: 'far-end' });
      await line.over;
      return call;
    },
    setFarEnd: (number, farEnd) => context.calls.farEnds.set(number, farEnd),
    settled: () => context.inFlight.settled(),
    reset: () => parts.reset(),
    close() {
      closing ??= stop();
      return closing;
    },
  };
}

/** The `nextMessage` of a simulator. */
export function waitForMessage<Outbound extends OutboundRecord>(
  context: CarrierContext<Outbound>,
): (options?: Parameters<CarrierSim['nextMessage']>[0]) => Promise<Outbound> {
  return ({ to, matching, timeoutMs = 5_000 } = {}) => {
    const wanted = to === undefined ? 'a message' : 'a message to one recipient';
    return context.accepted.next(
      (message) =>
        (to === undefined || message.to === to) &&
        (matching === undefined || contains(message.body, matching)),
      timeoutMs,
      wanted,
    );
  };
}

function contains(text: string, matching: string | RegExp): boolean {
  return typeof matching === 'string' ? text.includes(matching) : text.search(matching) >= 0;
}

function requireWebhook(request: WebhookMessage | undefined): WebhookMessage {
  if (request !== undefined) return request;
  throw new RangeError('the delivery had no webhook: the number has no `messageUrl`');
}
