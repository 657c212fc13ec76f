import type { LoopbackReply } from '../carrier/loopback-server.ts';
import { ApiError, type ApiReplies } from './api-reply.ts';
import type { PlivoContext } from './context.ts';
import { mediaResource, messageResource } from './message-resource.ts';

/** Where a list was asked for. */
interface ListRequest {
  readonly path: string;
  readonly query: URLSearchParams;
}

/** `GET …/Message/`, newest first. */
export function listMessages(
  context: PlivoContext,
  replies: ApiReplies,
  { path, query }: ListRequest,
): LoopbackReply {
  const direction = query.get('message_direction');
  const state = query.get('message_state');
  const found = context.messages
    .list()
    .map((record) => messageResource(context, record))
    .filter(
      (resource) =>
        (direction === null || resource['message_direction'] === direction) &&
        (state === null || resource['message_state'] === state),
    );
  return replies.list(found, path, query);
}

/** `GET …/Message/{uuid}/` */
export function readMessage(
  context: PlivoContext,
  replies: ApiReplies,
  uuid: string,
): LoopbackReply {
  const record = context.messages.get(uuid);
  if (record === undefined) throw new ApiError(404);
  return replies.document(200, messageResource(context, record));
}

/** `GET …/Message/{uuid}/Media/` */
export function listMedia(
  context: PlivoContext,
  replies: ApiReplies,
  { uuid, path, query }: ListRequest & { readonly uuid: string },
): LoopbackReply {
  if (context.messages.get(uuid) === undefined) throw new ApiError(404);
  const record = context.messages.inbound(uuid);
  const media = record?.media.map((item) => mediaResource(context, record, item)) ?? [];
  return replies.list(media, path, query);
}
