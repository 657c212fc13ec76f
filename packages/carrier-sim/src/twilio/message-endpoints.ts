import type { LoopbackReply } from '../carrier/loopback-server.ts';
import { cdnUrlOf } from '../carrier/media-origin.ts';
import { ApiError, json } from './api-reply.ts';
import type { SimContext } from './context.ts';
import { listPage } from './list-page.ts';
import { isInbound, type MessageRecord } from './message.ts';
import { mediaResource, messageResource } from './message-resource.ts';

/** `GET …/Messages.json`, newest first, narrowed by `To` and `From`. */
export function listMessages(
  context: SimContext,
  path: string,
  query: URLSearchParams,
): LoopbackReply {
  const to = query.get('To');
  const from = query.get('From');
  const found = context.messages
    .list()
    .filter(
      (record) => (to === null || record.to === to) && (from === null || record.from === from),
    )
    .map((record) => messageResource(context, record));
  return json(200, listPage('messages', found, path, query));
}

/** `GET …/Messages/{sid}.json` */
export function readMessage(context: SimContext, sid: string): LoopbackReply {
  return json(200, messageResource(context, findMessage(context, sid)));
}

/** `POST …/Messages/{sid}.json`: the only change that is simulated is to take the text out of the carrier's log. */
export function changeMessage(
  context: SimContext,
  sid: string,
  form: URLSearchParams,
): LoopbackReply {
  const record = findMessage(context, sid);
  if (form.get('Body') !== '') throw new ApiError(20_501, 'any change but an empty Body');
  record.body = '';
  record.updatedAt = new Date(context.now());
  return json(200, messageResource(context, record));
}

/** `DELETE …/Messages/{sid}.json` */
export function deleteMessage({ messages }: SimContext, sid: string): LoopbackReply {
  if (!messages.remove(sid)) throw new ApiError(20_404, sid);
  return { status: 204 };
}

/** `GET …/Messages/{sid}/Media.json` */
export function listMedia(
  context: SimContext,
  sid: string,
  path: string,
  query: URLSearchParams,
): LoopbackReply {
  const record = findMessage(context, sid);
  const media = isInbound(record) ? record.media : [];
  const shown = media.map((item) => mediaResource(context, record, item));
  return json(200, listPage('media_list', shown, path, query));
}

/** `GET …/Messages/{sid}/Media/{ME}`: sends the client on to the second origin; with `.json`, describes the picture. */
export function readMedia(context: SimContext, sid: string, mediaSid: string): LoopbackReply {
  const record = findMessage(context, sid);
  const wanted = mediaSid.replace(/\.json$/u, '');
  const media = isInbound(record) ? record.media.find((item) => item.id === wanted) : undefined;
  if (media === undefined) throw new ApiError(20_404, wanted);
  if (mediaSid !== wanted) return json(200, mediaResource(context, record, media));
  return { status: 307, headers: { Location: cdnUrlOf(context, record.id, media.id) } };
}

/** `DELETE …/Messages/{sid}/Media/{ME}.json` */
export function deleteMedia(context: SimContext, sid: string, mediaSid: string): LoopbackReply {
  const record = findMessage(context, sid);
  const wanted = mediaSid.replace(/\.json$/u, '');
  const left = isInbound(record) ? record.media.filter((item) => item.id !== wanted) : [];
  if (!isInbound(record) || left.length === record.media.length) {
    throw new ApiError(20_404, wanted);
  }
  record.media = left;
  return { status: 204 };
}

function findMessage({ messages }: SimContext, sid: string): MessageRecord {
  const record = messages.get(sid);
  if (record === undefined) throw new ApiError(20_404, sid);
  return record;
}
