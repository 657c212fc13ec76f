import { type Random, randomHex } from '../carrier/random-id.ts';
import type { SimContext } from './context.ts';
import type { InboundRecord, StoredMedia } from './message.ts';
import type { NumberRecord } from './numbers.ts';
import type { OptOutType } from './opt-out.ts';
import { measure } from './segments.ts';

/** A text, or a picture message, that somebody sends to one of our numbers. */
export interface InboundText {
  readonly from: string;
  /** One of the account's numbers. */
  readonly to: string;
  /** Default `''`, which needs media. */
  readonly text?: string;
  /** Kept by the simulated carrier, and downloadable from it. */
  readonly media?: readonly { readonly contentType: string; readonly bytes: Uint8Array }[];
  /** Default: `STOP`, `START` or `HELP` for such a keyword to a number with Advanced Opt-Out, else left out. */
  readonly optOutType?: OptOutType;
  /** Further parameters, or other values for those that are there. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** The message as the carrier keeps it. */
export function createInboundRecord(
  { now, random }: SimContext,
  input: InboundText,
  number: NumberRecord,
): InboundRecord {
  const body = input.text ?? '';
  const media = (input.media ?? []).map(({ contentType, bytes }): StoredMedia => ({
    sid: makeSid('ME', random),
    contentType,
    bytes,
  }));
  const acceptedAt = new Date(now());
  return {
    sid: makeSid(media.length > 0 ? 'MM' : 'SM', random),
    direction: 'inbound',
    from: input.from,
    to: input.to,
    messagingServiceSid: number.messagingServiceSid,
    body,
    numSegments: measure(body).numSegments,
    acceptedAt,
    updatedAt: acceptedAt,
    media,
  };
}

function makeSid(prefix: string, random: Random): string {
  return `${prefix}${randomHex(32, random)}`;
}

/** Where the application downloads a picture. */
export function mediaUrl(
  { url, options }: SimContext,
  record: InboundRecord,
  media: StoredMedia,
): string {
  return `${url}/2010-04-01/Accounts/${options.accountSid}/Messages/${record.sid}/Media/${media.sid}`;
}
