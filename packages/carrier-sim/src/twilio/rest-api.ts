import type { LoopbackReply, LoopbackRequest } from '../carrier/loopback-server.ts';
import { breakReply } from '../carrier/reply-faults.ts';
import { accountResource } from './account-resource.ts';
import { ApiError, errorReply, json, refusals } from './api-reply.ts';
import { type Access, authenticate } from './basic-auth.ts';
import { changeCall, listCalls, readCall } from './call-endpoints.ts';
import type { SimContext } from './context.ts';
import {
  changeMessage,
  deleteMedia,
  deleteMessage,
  listMedia,
  listMessages,
  readMedia,
  readMessage,
} from './message-endpoints.ts';
import { changeNumber, listNumbers, readNumber } from './number-endpoints.ts';
import { placeCall } from './place-call-endpoint.ts';
import { createMessage } from './send-endpoint.ts';

const root = '/2010-04-01/Accounts/';

/** Answers a request to the REST API. */
export async function answerApi(
  context: SimContext,
  request: LoopbackRequest,
): Promise<LoopbackReply | 'hang-up'> {
  try {
    return withCarrierHeaders(await answer(context, request));
  } catch (error) {
    if (error instanceof ApiError) return withCarrierHeaders(errorReply(error));
    throw error;
  }
}

async function answer(
  context: SimContext,
  request: LoopbackRequest,
): Promise<LoopbackReply | 'hang-up'> {
  const { path, method } = request;
  if (!path.startsWith(root)) throw new ApiError(20_404, path);
  const [account = '', ...parts] = path.slice(root.length).split('/');
  const isMedia = parts.length === 4 && parts[2] === 'Media' && method === 'GET';
  const open = isMedia && context.options.protectMedia === false;
  const access = open ? 'standard' : authenticate(request.headers.authorization, context.options);
  if (account.replace(/\.json$/u, '') !== context.options.accountSid) {
    throw new ApiError(20_003, 'the account is not the one of these credentials');
  }
  if (method === 'POST' && parts.join('/') === 'Messages.json') {
    return createMessage(context, readForm(request));
  }
  if (method === 'POST' && parts.join('/') === 'Calls.json') {
    return placeCall(context, readForm(request));
  }
  const fault = context.faults.strike('api', {});
  const carryOut = (): Promise<LoopbackReply> =>
    Promise.resolve(route(context, request, parts, access));
  const pause = (ms: number): Promise<boolean> => context.inFlight.pause(ms);
  return breakReply(fault, { carryOut, pause, refusals });
}

type Endpoints = Readonly<Record<string, () => LoopbackReply>>;

function route(
  context: SimContext,
  request: LoopbackRequest,
  parts: readonly string[],
  access: Access,
): LoopbackReply {
  const [first = '', id = '', list = '', item = ''] = parts;
  const sid = id.replace(/\.json$/u, '');
  const pattern = [first, ...(id === '' ? [] : ['{sid}']), ...(list === '' ? [] : [list])].join(
    '/',
  );
  const endpoints = endpointsAt(pattern, context, { request, sid, item, access });
  if (endpoints === undefined || parts.length > 4) throw new ApiError(20_404, request.path);
  const handle = endpoints[request.method];
  if (handle === undefined) throw new ApiError(20_004, request.method);
  return handle();
}

function endpointsAt(
  pattern: string,
  context: SimContext,
  {
    request,
    sid,
    item,
    access,
  }: {
    readonly request: LoopbackRequest;
    readonly sid: string;
    readonly item: string;
    readonly access: Access;
  },
): Endpoints | undefined {
  const { path, query } = request;
  switch (pattern) {
    case '': {
      if (access !== 'full') throw new ApiError(20_003, 'a standard API key may not read it');
      return { GET: () => json(200, accountResource(context)) };
    }
    case 'Messages.json': {
      // POST was answered before.
      return { GET: () => listMessages(context, path, query) };
    }
    case 'Messages/{sid}': {
      return {
        GET: () => readMessage(context, sid),
        POST: () => changeMessage(context, sid, readForm(request)),
        DELETE: () => deleteMessage(context, sid),
      };
    }
    case 'Messages/{sid}/Media.json': {
      return { GET: () => listMedia(context, sid, path, query) };
    }
    case 'Messages/{sid}/Media': {
      return {
        GET: () => readMedia(context, sid, item),
        DELETE: () => deleteMedia(context, sid, item),
      };
    }
    case 'Calls.json': {
      // POST was answered before.
      return { GET: () => listCalls(context, path, query) };
    }
    case 'Calls/{sid}': {
      return {
        GET: () => readCall(context, sid),
        POST: () => changeCall(context, sid, readForm(request)),
      };
    }
    case 'IncomingPhoneNumbers.json': {
      return { GET: () => listNumbers(context, path, query) };
    }
    case 'IncomingPhoneNumbers/{sid}': {
      return {
        GET: () => readNumber(context, sid),
        POST: () => changeNumber(context, sid, readForm(request)),
      };
    }
    default: {
      return undefined;
    }
  }
}

function readForm({ headers, body }: LoopbackRequest): URLSearchParams {
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (body.byteLength > 0 && type !== 'application/x-www-form-urlencoded') {
    throw new ApiError(20_001, 'the body is not application/x-www-form-urlencoded');
  }
  return new URLSearchParams(Buffer.from(body).toString('utf8'));
}

function withCarrierHeaders(reply: LoopbackReply | 'hang-up'): LoopbackReply | 'hang-up' {
  if (reply === 'hang-up') return reply;
  return { ...reply, headers: { ...reply.headers, 'X-Home-Region': 'us1' } };
}
