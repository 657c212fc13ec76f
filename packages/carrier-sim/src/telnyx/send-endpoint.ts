import { type JsonObject, textIn } from '../carrier/json-object.ts';
import type { LoopbackReply } from '../carrier/loopback-server.ts';
import { answerThenTravel } from '../carrier/message-journey.ts';
import { randomUuid } from '../carrier/random-id.ts';
import { breakReply } from '../carrier/reply-faults.ts';
import { measure } from '../carrier/segments.ts';
import { dataReply, refusals } from './api-reply.ts';
import type { TelnyxContext } from './context.ts';
import type { OutboundRecord } from './message.ts';
import { travel } from './message-journey.ts';
import { outboundPayload } from './message-resource.ts';
import { checkRequest } from './send-rules.ts';

/** `POST /v2/messages`: accepts a message, answers, and lets it travel once the answer has left. */
export function createMessage(
  context: TelnyxContext,
  request: JsonObject,
): Promise<LoopbackReply | 'hang-up'> {
  const fault = context.faults.strike('send', {
    to: textIn(request, 'to') ?? '',
    from: textIn(request, 'from') ?? '',
    text: textIn(request, 'text') ?? '',
  });
  return breakReply(fault, {
    async carryOut() {
      const record = acceptMessage(context, request);
      const reply = dataReply(outboundPayload(context, record));
      return answerThenTravel(context, reply, () => travel(context, record));
    },
    pause: (ms) => context.inFlight.pause(ms),
    refusals,
  });
}

/**
 * Takes a message on, and tells whoever waits for one.
 *
 * @throws {ApiError} when the carrier would refuse it
 */
function acceptMessage(context: TelnyxContext, request: JsonObject): OutboundRecord {
  const draft = checkRequest(context, request);
  const acceptedAt = new Date(context.now());
  const isMms = draft.mediaUrls.length > 0 || request['type'] === 'MMS';
  const { numSegments, encoding } = measure(draft.body);
  const record: OutboundRecord = {
    id: randomUuid(context.random),
    direction: 'outbound-api',
    ...draft,
    type: isMms ? 'MMS' : 'SMS',
    numSegments: isMms ? 1 : numSegments,
    encoding,
    status: 'queued',
    errorCode: undefined,
    statusHistory: [{ status: 'queued', at: acceptedAt }],
    acceptedAt,
    updatedAt: acceptedAt,
    ...webhooksOf(context, request, draft.messagingProfileId),
    receipts: [],
    mediaDownloads: [],
    parameters: request,
  };
  context.messages.add(record);
  context.accepted.offer(record);
  return record;
}

/** Those of the request, else those of the profile. */
function webhooksOf(
  { profiles }: TelnyxContext,
  request: JsonObject,
  profileId: string,
): Pick<OutboundRecord, 'statusCallback' | 'failoverUrl'> {
  const own = textIn(request, 'webhook_url');
  const profile = request['use_profile_webhooks'] === false ? undefined : profiles.get(profileId);
  return {
    statusCallback: own ?? (profile?.webhookUrl || undefined),
    failoverUrl:
      textIn(request, 'webhook_failover_url') ??
      (own === undefined ? profile?.webhookFailoverUrl || undefined : undefined),
  };
}
