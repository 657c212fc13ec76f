import { isWebUrl } from '../carrier/address.ts';
import type { JsonObject } from '../carrier/json-object.ts';
import type { LoopbackReply } from '../carrier/loopback-server.ts';
import { ApiError, type ApiReplies } from './api-reply.ts';
import type { ApplicationSettings, PlivoApplication } from './applications.ts';
import type { PlivoContext } from './context.ts';

function applicationResource(
  { options: { authId } }: PlivoContext,
  application: PlivoApplication,
): Readonly<Record<string, unknown>> {
  return {
    app_id: application.id,
    app_name: application.name,
    message_url: application.messageUrl,
    message_method: application.messageMethod,
    answer_url: application.answerUrl,
    answer_method: application.answerMethod,
    hangup_url: application.hangupUrl,
    hangup_method: application.hangupMethod,
    fallback_answer_url: application.fallbackAnswerUrl,
    fallback_method: 'POST',
    application_type: 'XML',
    default_app: false,
    default_endpoint_app: false,
    enabled: true,
    log_incoming_message: true,
    public_uri: false,
    sip_uri: `sip:${application.id}@app.plivo.com`,
    sub_account: null,
    resource_uri: `/v1/Account/${authId}/Application/${application.id}/`,
  };
}

/** `GET …/Application/` */
export function listApplications(
  context: PlivoContext,
  replies: ApiReplies,
  { path, query }: { readonly path: string; readonly query: URLSearchParams },
): LoopbackReply {
  const all = context.applications.all.map((one) => applicationResource(context, one));
  return replies.list(all, path, query);
}

/** `GET …/Application/{app_id}/` */
export function readApplication(
  context: PlivoContext,
  replies: ApiReplies,
  id: string,
): LoopbackReply {
  return replies.document(200, applicationResource(context, findApplication(context, id)));
}

/** `POST …/Application/` */
export function createApplication(
  { applications }: PlivoContext,
  replies: ApiReplies,
  request: JsonObject,
): LoopbackReply {
  if (typeof request['app_name'] !== 'string') throw new ApiError(400, 'app_name is required');
  if (applications.all.some(({ name }) => name === request['app_name'])) {
    throw new ApiError(400, 'app_name is taken');
  }
  const change = readChange(request);
  const { id } = applications.require(undefined);
  applications.change(id, change);
  return replies.document(201, { message: 'created', app_id: id });
}

/** `POST …/Application/{app_id}/`: sets webhooks. */
export function changeApplication(
  context: PlivoContext,
  replies: ApiReplies,
  { id, request }: { readonly id: string; readonly request: JsonObject },
): LoopbackReply {
  findApplication(context, id);
  context.applications.change(id, readChange(request));
  return replies.document(202, { message: 'changed' });
}

/** `DELETE …/Application/{app_id}/` */
export function deleteApplication(
  { applications, numbers }: PlivoContext,
  id: string,
): LoopbackReply {
  if (applications.get(id) === undefined) throw new ApiError(404);
  for (const { number, appId } of numbers.all) {
    if (appId === id) numbers.moveToApplication(number, undefined);
  }
  applications.remove(id);
  return { status: 204 };
}

function findApplication({ applications }: PlivoContext, id: string): PlivoApplication {
  const application = applications.get(id);
  if (application === undefined) throw new ApiError(404);
  return application;
}

function readChange(request: JsonObject): Partial<ApplicationSettings> {
  const name = request['app_name'];
  return {
    ...(typeof name === 'string' ? { name } : {}),
    ...readUrl(request, 'message_url', (messageUrl) => ({ messageUrl })),
    ...readUrl(request, 'answer_url', (answerUrl) => ({ answerUrl })),
    ...readUrl(request, 'hangup_url', (hangupUrl) => ({ hangupUrl })),
    ...readUrl(request, 'fallback_answer_url', (fallbackAnswerUrl) => ({ fallbackAnswerUrl })),
    ...readMethod(request, 'message_method', (messageMethod) => ({ messageMethod })),
    ...readMethod(request, 'answer_method', (answerMethod) => ({ answerMethod })),
    ...readMethod(request, 'hangup_method', (hangupMethod) => ({ hangupMethod })),
  };
}

type Change = Partial<ApplicationSettings>;

/** An empty string takes a URL away. */
function readUrl(request: JsonObject, field: string, toChange: (url: string) => Change): Change {
  const value = request[field];
  if (value === undefined) return {};
  if (typeof value === 'string' && (value === '' || isWebUrl(value))) return toChange(value);
  throw new ApiError(400, `${field} is not a valid URL`);
}

function readMethod(
  request: JsonObject,
  field: string,
  toChange: (method: 'GET' | 'POST') => Change,
): Change {
  const value = request[field];
  if (value === undefined) return {};
  if (value === 'GET' || value === 'POST') return toChange(value);
  throw new ApiError(400, `${field} is GET or POST`);
}
