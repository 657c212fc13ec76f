import { isE164 } from '../carrier/address.ts';
import type { JsonObject } from '../carrier/json-object.ts';
import { randomUuid } from '../carrier/random-id.ts';
import { measure } from '../carrier/segments.ts';
import { ApiError } from './api-reply.ts';
import type { PlivoContext } from './context.ts';
import type { OutboundRecord } from './message.ts';
import { takeAcknowledgement } from './opt-outs.ts';
import type { Draft } from './send-rules.ts';

/** Who asked, and for what. */
export interface Sending {
  readonly direction: OutboundRecord['direction'];
  readonly authId: string;
  readonly parameters: JsonObject;
}

/** Takes a message on, once for each recipient, and tells whoever waits for one. */
export function acceptMessages(
  context: PlivoContext,
  draft: Draft,
  sending: Sending,
): readonly OutboundRecord[] {
  return draft.recipients.map((to) => {
    const record = createRecord(context, { ...draft, ...sending, to });
    context.messages.add(record);
    context.accepted.offer(record);
    return record;
  });
}

function createRecord(
  context: PlivoContext,
  draft: Draft & Sending & { readonly to: string },
): OutboundRecord {
  const acceptedAt = new Date(context.now());
  const { numSegments, encoding } = measure(draft.body);
  return {
    id: randomUuid(context.random),
    direction: draft.direction,
    from: draft.from,
    to: draft.to,
    body: draft.body,
    mediaUrls: draft.mediaUrls,
    type: draft.type,
    powerpackUuid: draft.powerpackUuid,
    numSegments: draft.type === 'mms' ? 1 : numSegments,
    encoding,
    status: 'queued',
    errorCode: undefined,
    refusal: refusalOf(context, draft),
    statusHistory: [{ status: 'queued', at: acceptedAt }],
    acceptedAt,
    updatedAt: acceptedAt,
    statusCallback: draft.statusCallback,
    statusMethod: draft.statusMethod,
    receipts: [],
    mediaDownloads: [],
    authId: draft.authId,
    parameters: draft.parameters,
  };
}

/** Plivo accepts these all the same, and tells in a receipt. */
function refusalOf(
  context: PlivoContext,
  { from, to, powerpackUuid }: Pick<Draft, 'from' | 'powerpackUuid'> & { readonly to: string },
): number | undefined {
  const number = context.numbers.get(from);
  if (number === undefined && isE164(from)) return 40;
  const sender = powerpackUuid ?? number?.powerpackUuid ?? from;
  if (!context.optOuts.has(sender, to)) return undefined;
  return takeAcknowledgement(context, sender, to) ? undefined : 200;
}

/** Turns what the API refuses into nothing, for messages that a reply asked for. */
export function orNothing<T>(action: () => readonly T[]): readonly T[] {
  try {
    return action();
  } catch (error) {
    if (error instanceof ApiError) return [];
    throw error;
  }
}
