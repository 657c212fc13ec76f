import { randomHex } from '../carrier/random-id.ts';
import type { SimContext } from './context.ts';
import type { OutboundRecord } from './message.ts';
import { measure } from '../carrier/segments.ts';
import { checkDraft, type Draft } from './send-rules.ts';

/**
 * Takes a message on, and tells whoever waits for one.
 *
 * @throws {ApiError} when the carrier would refuse it
 */
export function acceptMessage(context: SimContext, draft: Draft): OutboundRecord {
  const from = checkDraft(context, draft);
  const acceptedAt = new Date(context.now());
  const status = draft.messagingServiceSid === undefined ? 'queued' : 'accepted';
  const body = draft.body ?? '';
  const sid = `${draft.mediaUrls.length > 0 ? 'MM' : 'SM'}${randomHex(32, context.random)}`;
  const record: OutboundRecord = {
    id: sid,
    sid,
    direction: draft.direction,
    from,
    to: draft.to,
    messagingServiceSid: draft.messagingServiceSid,
    body,
    mediaUrls: draft.mediaUrls,
    ...measure(body),
    status,
    errorCode: undefined,
    statusHistory: [{ status, at: acceptedAt }],
    acceptedAt,
    updatedAt: acceptedAt,
    statusCallback: draft.statusCallback,
    receipts: [],
    mediaDownloads: [],
    parameters: draft.parameters,
  };
  context.messages.add(record);
  context.accepted.offer(record);
  return record;
}
