import type { CallRoute } from '../carrier/call-documents.ts';
import type { LoopbackReply } from '../carrier/loopback-server.ts';
import { ApiError, json } from './api-reply.ts';
import type { TwilioCallRecord } from './call.ts';
import { callResource } from './call-resource.ts';
import { readMethod, readTwiml, readUrl } from './call-rules.ts';
import type { SimContext } from './context.ts';
import { listPage } from './list-page.ts';

/** `GET …/Calls.json`, newest first, narrowed by `To`, `From` and `Status`. */
export function listCalls(
  context: SimContext,
  path: string,
  query: URLSearchParams,
): LoopbackReply {
  const isWanted = (name: string, value: string): boolean => (query.get(name) ?? value) === value;
  const found = context.calls.all
    .filter(
      ({ to, from, status }) =>
        isWanted('To', to) && isWanted('From', from) && isWanted('Status', status),
    )
    .toReversed()
    .map((call) => callResource(context, call));
  return json(200, listPage('calls', found, path, query));
}

/** `GET …/Calls/{sid}.json` */
export function readCall(context: SimContext, sid: string): LoopbackReply {
  return json(200, callResource(context, findCall(context, sid)));
}

/** `POST …/Calls/{sid}.json`: hangs up, or gives the call another document. */
export function changeCall(context: SimContext, sid: string, form: URLSearchParams): LoopbackReply {
  const call = findCall(context, sid);
  const line = context.calls.line(sid);
  const status = form.get('Status') || undefined;
  const route = readRoute(form);
  if (status === undefined && route === undefined)
    throw new ApiError(20_001, 'Url, Twiml or Status');
  if (status !== undefined && status !== 'completed' && status !== 'canceled') {
    throw new ApiError(20_001, 'Status is completed or canceled');
  }
  if (call.end !== undefined) throw new ApiError(21_220);
  if (status === undefined) {
    if (call.state !== 'answered') throw new ApiError(21_220);
    line?.divert(route);
  } else if (call.state !== 'answered') {
    line?.end({ reason: 'canceled', by: 'api' });
  } else if (status === 'completed') {
    line?.end({ reason: 'completed', by: 'api' });
  }
  return readCall(context, sid);
}

function readRoute(form: URLSearchParams): CallRoute | undefined {
  const document = form.get('Twiml');
  if (document) return { steps: readTwiml(document).steps ?? [] };
  const url = readUrl(form, 'Url', 21_205);
  return url === undefined ? undefined : { url, method: readMethod(form, 'Method') };
}

function findCall({ calls }: SimContext, sid: string): TwilioCallRecord {
  const call = calls.get(sid);
  if (call === undefined) throw new ApiError(20_404, sid);
  return call;
}
