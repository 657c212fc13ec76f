import { readBasicCredentials } from '../carrier/basic-credentials.ts';
import { type JsonObject, readJsonObject } from '../carrier/json-object.ts';
import type { LoopbackReply, LoopbackRequest } from '../carrier/loopback-server.ts';
import { breakReply } from '../carrier/reply-faults.ts';
import { readAccount, readPowerpack } from './account-endpoints.ts';
import { ApiError, type ApiReplies, createRefusals } from './api-reply.ts';
import {
  changeApplication,
  createApplication,
  deleteApplication,
  listApplications,
  readApplication,
} from './application-endpoints.ts';
import { cancelRequest, hangUpCall, listCalls, readCall } from './call-endpoints.ts';
import type { PlivoContext } from './context.ts';
import { listMedia, listMessages, readMessage } from './message-endpoints.ts';
import { changeNumber, listNumbers, readNumber } from './number-endpoints.ts';
import type { PlivoSimOptions } from './options.ts';
import { placeCall } from './place-call-endpoint.ts';
import { createMessage } from './send-endpoint.ts';

const root = '/v1/Account/';

/** Answers a request to the REST API. */
export async function answerApi(
  context: PlivoContext,
  replies: ApiReplies,
  request: LoopbackRequest,
): Promise<LoopbackReply | 'hang-up'> {
  try {
    return await answer(context, replies, request);
  } catch (error) {
    if (error instanceof ApiError) return replies.error(error);
    throw error;
  }
}

async function answer(
  context: PlivoContext,
  replies: ApiReplies,
  request: LoopbackRequest,
): Promise<LoopbackReply | 'hang-up'> {
  const { path, method } = request;
  // Without the last slash there is nothing, as in reality.
  if (!path.startsWith(root) || !path.endsWith('/')) throw new ApiError(404);
  const [authId = '', ...parts] = path.slice(root.length, -1).split('/');
  authenticate(request.headers.authorization, authId, context.options);
  if (method === 'POST' && parts.join('/') === 'Message') {
    return createMessage(context, replies, { authId, parameters: readBody(request) });
  }
  if (method === 'POST' && parts.join('/') === 'Call') {
    return placeCall(context, replies, { authId, parameters: readBody(request) });
  }
  const fault = context.faults.strike('api', {});
  return breakReply(fault, {
    carryOut: () =>
      Promise.resolve().then(() => route(context, replies, { request, authId, parts })),
    pause: (ms) => context.inFlight.pause(ms),
    refusals: createRefusals(replies),
  });
}

/** The account may act for its subaccounts; a subaccount for itself alone. */
function authenticate(
  authorization: string | undefined,
  authId: string,
  { authId: main, authToken, subaccounts = [] }: PlivoSimOptions,
): void {
  const accounts = [{ authId: main, authToken }, ...subaccounts];
  const credentials = readBasicCredentials(authorization);
  const caller = accounts.find(
    (account) => account.authId === credentials?.user && account.authToken === credentials.password,
  );
  const isKnown = accounts.some((account) => account.authId === authId);
  const mayAct = caller?.authId === authId || (caller?.authId === main && isKnown);
  if (!mayAct) throw new ApiError(401);
}

type Endpoints = Readonly<Record<string, () => LoopbackReply>>;

interface Target {
  readonly request: LoopbackRequest;
  readonly authId: string;
  readonly parts: readonly string[];
}

function route(context: PlivoContext, replies: ApiReplies, target: Target): LoopbackReply {
  const endpoints = endpointsAt(context, replies, target);
  if (endpoints === undefined) throw new ApiError(404);
  const handle = endpoints[target.request.method];
  if (handle === undefined) throw new ApiError(405);
  return handle();
}

function endpointsAt(
  context: PlivoContext,
  replies: ApiReplies,
  { request, authId, parts }: Target,
): Endpoints | undefined {
  const [first = '', id = '', last = ''] = parts;
  const body = (): JsonObject => readBody(request);
  switch ([first, '{id}', last].slice(0, parts.length).join('/')) {
    case '': {
      return { GET: () => readAccount(replies, authId) };
    }
    case 'Message': {
      // POST was answered before.
      return { GET: () => listMessages(context, replies, request) };
    }
    case 'Message/{id}': {
      return { GET: () => readMessage(context, replies, id) };
    }
    case 'Message/{id}/Media': {
      return { GET: () => listMedia(context, replies, { ...request, uuid: id }) };
    }
    case 'Call': {
      // POST was answered before.
      return { GET: () => listCalls(context, replies, request) };
    }
    case 'Call/{id}': {
      return {
        GET: () => readCall(context, replies, { ...request, uuid: id }),
        DELETE: () => hangUpCall(context, id),
      };
    }
    case 'Request/{id}': {
      return { DELETE: () => cancelRequest(context, id) };
    }
    case 'Number': {
      return { GET: () => listNumbers(context, replies, request) };
    }
    case 'Number/{id}': {
      return {
        GET: () => readNumber(context, replies, id),
        POST: () => changeNumber(context, replies, { number: id, request: body() }),
      };
    }
    case 'Application': {
      return {
        GET: () => listApplications(context, replies, request),
        POST: () => createApplication(context, replies, body()),
      };
    }
    case 'Application/{id}': {
      return {
        GET: () => readApplication(context, replies, id),
        POST: () => changeApplication(context, replies, { id, request: body() }),
        DELETE: () => deleteApplication(context, id),
      };
    }
    case 'Powerpack/{id}': {
      return { GET: () => readPowerpack(context, replies, id) };
    }
    default: {
      return undefined;
    }
  }
}

function readBody({ headers, body }: LoopbackRequest): JsonObject {
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  const object = readJsonObject(body);
  if (object === undefined || (body.byteLength > 0 && type !== 'application/json')) {
    throw new ApiError(400, 'the body is not a JSON object');
  }
  return object;
}
