import { type JsonObject, readJsonObject } from '../carrier/json-object.ts';
import type { LoopbackReply, LoopbackRequest } from '../carrier/loopback-server.ts';
import { breakReply } from '../carrier/reply-faults.ts';
import { ApiError, dataReply, errorReply, listReply, refusals } from './api-reply.ts';
import { commandCall, readCall } from './call-endpoints.ts';
import {
  changeConnection,
  createConnection,
  listConnections,
  readConnection,
} from './connection-endpoints.ts';
import type { TelnyxContext } from './context.ts';
import { inboundPayload, outboundPayload } from './message-resource.ts';
import {
  changeNumber,
  changeNumberMessaging,
  listNumbers,
  listNumbersMessaging,
  readNumber,
  readNumberMessaging,
} from './number-endpoints.ts';
import { placeCall } from './place-call-endpoint.ts';
import {
  changeProfile,
  createProfile,
  listProfileNumbers,
  listProfiles,
  readProfile,
} from './profile-endpoints.ts';
import { createMessage } from './send-endpoint.ts';

const root = '/v2/';

/** Answers a request to the REST API. */
export async function answerApi(
  context: TelnyxContext,
  request: LoopbackRequest,
): Promise<LoopbackReply | 'hang-up'> {
  try {
    return await answer(context, request);
  } catch (error) {
    if (error instanceof ApiError) return errorReply(error);
    throw error;
  }
}

async function answer(
  context: TelnyxContext,
  request: LoopbackRequest,
): Promise<LoopbackReply | 'hang-up'> {
  const { path, method } = request;
  if (!path.startsWith(root)) throw new ApiError(10_005, path);
  const key = /^Bearer\s+(\S+)$/iu.exec(request.headers.authorization ?? '')?.[1];
  if (key !== context.options.apiKey) throw new ApiError(10_009);
  const parts = path.slice(root.length).split('/').map(decodePart);
  const isSend = parts[0] === 'messages' && (parts[1] ?? 'number_pool') === 'number_pool';
  if (method === 'POST' && isSend && parts.length <= 2) {
    return createMessage(context, readBody(request));
  }
  if (method === 'POST' && parts.join('/') === 'calls') {
    return placeCall(context, readBody(request));
  }
  const fault = context.faults.strike('api', {});
  const carryOut = (): Promise<LoopbackReply> =>
    Promise.resolve().then(() => route(context, request, parts));
  const pause = (ms: number): Promise<boolean> => context.inFlight.pause(ms);
  return breakReply(fault, { carryOut, pause, refusals });
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

type Endpoints = Readonly<Record<string, () => LoopbackReply>>;

function route(
  context: TelnyxContext,
  request: LoopbackRequest,
  parts: readonly string[],
): LoopbackReply {
  const endpoints = endpointsAt(context, request, parts);
  if (endpoints === undefined) throw new ApiError(10_005, request.path);
  const handle = endpoints[request.method];
  if (handle === undefined) throw new ApiError(10_032, request.method);
  return handle();
}

function endpointsAt(
  context: TelnyxContext,
  request: LoopbackRequest,
  parts: readonly string[],
): Endpoints | undefined {
  const { query } = request;
  const [first = '', id = '', last = '', action = ''] = parts;
  const isList = id === 'messaging' && parts.length === 2;
  const named = [first, '{id}', last, '{action}'];
  const shape = isList ? 'phone_numbers/messaging' : named.slice(0, parts.length);
  switch (typeof shape === 'string' ? shape : shape.join('/')) {
    case 'messages': {
      // POST was answered before.
      return {};
    }
    case 'messages/{id}': {
      return { GET: () => readMessage(context, id) };
    }
    case 'calls': {
      // POST was answered before.
      return {};
    }
    case 'calls/{id}': {
      return { GET: () => readCall(context, id) };
    }
    case 'calls/{id}/actions/{action}': {
      return { POST: () => commandCall(context, { id, action, body: readBody(request) }) };
    }
    case 'call_control_applications': {
      return {
        GET: () => listConnections(context, query),
        POST: () => createConnection(context, readBody(request)),
      };
    }
    case 'call_control_applications/{id}': {
      return {
        GET: () => readConnection(context, id),
        PATCH: () => changeConnection(context, id, readBody(request)),
      };
    }
    case 'messaging_profiles': {
      return {
        GET: () => listProfiles(context, query),
        POST: () => createProfile(context, readBody(request)),
      };
    }
    case 'messaging_profiles/{id}': {
      return {
        GET: () => readProfile(context, id),
        PATCH: () => changeProfile(context, id, readBody(request)),
      };
    }
    case 'messaging_profiles/{id}/phone_numbers': {
      return { GET: () => listProfileNumbers(context, id, query) };
    }
    case 'messaging_optouts': {
      return { GET: () => listReply(optOuts(context), query) };
    }
    case 'phone_numbers': {
      return { GET: () => listNumbers(context, query) };
    }
    case 'phone_numbers/messaging': {
      return { GET: () => listNumbersMessaging(context, query) };
    }
    case 'phone_numbers/{id}': {
      return {
        GET: () => readNumber(context, id),
        PATCH: () => changeNumber(context, id, readBody(request)),
      };
    }
    case 'phone_numbers/{id}/messaging': {
      return {
        GET: () => readNumberMessaging(context, id),
        PATCH: () => changeNumberMessaging(context, id, readBody(request)),
      };
    }
    case 'balance': {
      return { GET: () => dataReply(balance) };
    }
    default: {
      return undefined;
    }
  }
}

/** What an application reads to see that its key works. */
const balance = {
  record_type: 'balance',
  balance: '100.00',
  credit_limit: '0.00',
  available_credit: '100.00',
  pending: '0.00',
  currency: 'USD',
};

function readMessage(context: TelnyxContext, id: string): LoopbackReply {
  const sent = context.messages.sent(id);
  if (sent !== undefined) return dataReply(outboundPayload(context, sent));
  const inbound = context.messages.inbound(id);
  if (inbound === undefined) throw new ApiError(10_005, id);
  return dataReply(inboundPayload(context, inbound));
}

/** Who may not be texted, and from where: a whole profile, which is shown by its first number. */
function optOuts({ optOuts: { pairs }, numbers }: TelnyxContext): readonly unknown[] {
  return pairs.map(({ sender, recipient }) => ({
    messaging_profile_id: sender,
    from: numbers.onProfile(sender)[0]?.number ?? '',
    to: recipient,
    keyword: 'STOP',
  }));
}

function readBody({ headers, body }: LoopbackRequest): JsonObject {
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (body.byteLength > 0 && type !== 'application/json') throw new ApiError(10_014);
  const object = readJsonObject(body);
  if (object === undefined) throw new ApiError(10_015, 'the body is no JSON object');
  return object;
}
