import { isWebUrl } from '../carrier/address.ts';
import type { JsonObject } from '../carrier/json-object.ts';
import type { LoopbackReply } from '../carrier/loopback-server.ts';
import { ApiError, dataReply, listReply } from './api-reply.ts';
import type { CallControlApplication, ConnectionSettings } from './connections.ts';
import type { TelnyxContext } from './context.ts';

function applicationResource(
  application: CallControlApplication,
): Readonly<Record<string, unknown>> {
  return {
    record_type: 'call_control_application',
    id: application.id,
    active: true,
    anchorsite_override: 'Latency',
    application_name: application.name,
    dtmf_type: 'RFC 2833',
    first_command_timeout: false,
    first_command_timeout_secs: 30,
    inbound: { shaken_stir_enabled: false },
    outbound: {},
    tags: [],
    webhook_api_version: application.webhookApiVersion,
    webhook_event_failover_url: application.webhookFailoverUrl || null,
    webhook_event_url: application.webhookUrl,
    webhook_timeout_secs: null,
    created_at: application.createdAt.toISOString(),
    updated_at: application.updatedAt.toISOString(),
  };
}

/** `GET /v2/call_control_applications` */
export function listConnections(
  { connections }: TelnyxContext,
  query: URLSearchParams,
): LoopbackReply {
  return listReply(connections.all.map(applicationResource), query);
}

/** `GET /v2/call_control_applications/{id}` */
export function readConnection(context: TelnyxContext, id: string): LoopbackReply {
  return dataReply(applicationResource(findConnection(context, id)));
}

/** `PATCH /v2/call_control_applications/{id}`: sets webhooks. Telnyx wants the name and the URL in every request. */
export function changeConnection(
  context: TelnyxContext,
  id: string,
  request: JsonObject,
): LoopbackReply {
  findConnection(context, id);
  context.connections.change(id, readSettings(request));
  return readConnection(context, id);
}

/** `POST /v2/call_control_applications` */
export function createConnection(context: TelnyxContext, request: JsonObject): LoopbackReply {
  const settings = readSettings(request);
  const { id } = context.connections.require(undefined);
  context.connections.change(id, settings);
  return readConnection(context, id);
}

function findConnection({ connections }: TelnyxContext, id: string): CallControlApplication {
  const application = connections.get(id);
  if (application === undefined) throw new ApiError(10_005, id);
  return application;
}

function readSettings(request: JsonObject): Partial<ConnectionSettings> {
  const name = request['application_name'];
  const version = request['webhook_api_version'];
  const failover = request['webhook_event_failover_url'];
  if (typeof name !== 'string' || name === '') {
    throw new ApiError(10_004, 'application_name', '/application_name');
  }
  if (version !== undefined && version !== '1' && version !== '2') {
    throw new ApiError(10_015, 'webhook_api_version', '/webhook_api_version');
  }
  return {
    name,
    webhookUrl: readUrl(request['webhook_event_url'], 'webhook_event_url'),
    ...(version === undefined ? {} : { webhookApiVersion: version }),
    ...(failover === undefined
      ? {}
      : {
          webhookFailoverUrl:
            failover === null || failover === ''
              ? ''
              : readUrl(failover, 'webhook_event_failover_url'),
        }),
  };
}

function readUrl(value: unknown, name: string): string {
  if (value === undefined) throw new ApiError(10_004, name, `/${name}`);
  if (typeof value === 'string' && isWebUrl(value)) return value;
  throw new ApiError(10_003, name, `/${name}`);
}
