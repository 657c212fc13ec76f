import { randomUUID } from 'node:crypto';
import { TelephonyError } from '@openclaw/telephony-core';
import type { MediaSendRequest } from '../media/media-outbox.ts';
import { isPurpose } from './outbox-item.ts';
import type { OutboundRequest } from '../server-types.ts';

/**
 * A send as somebody outside of the server may ask for it, field by field: a program without types could otherwise pass
 * what only the server decides. Notices and replies of others are checked like the sends of an agent, because nobody here
 * knows whom they answer.
 *
 * @throws {TelephonyError} `invalid_request` for a purpose that there is not, and for a date that is none
 */
export function outsideSend(request: OutboundRequest): MediaSendRequest {
  const { to, text, media, flattenMarkdown, purpose = 'agent', id = randomUUID() } = request;
  const { sendAt } = request;
  if (!isPurpose(purpose)) {
    throw new TelephonyError('invalid_request', 'a purpose is agent, operator, notice or reply', {
      outcome: 'not-performed',
    });
  }
  if (sendAt !== undefined && !isDate(sendAt)) {
    throw new TelephonyError('invalid_request', 'sendAt is a Date that names a moment', {
      outcome: 'not-performed',
    });
  }
  return {
    id,
    to,
    purpose,
    checkedAs: purpose === 'operator' ? 'operator' : 'agent',
    ...(text === undefined ? {} : { text }),
    ...(media === undefined ? {} : { media }),
    ...(flattenMarkdown === undefined ? {} : { flattenMarkdown }),
    ...(sendAt === undefined ? {} : { sendAt }),
  };
}

const isDate = (value: unknown): boolean => value instanceof Date && !Number.isNaN(value.getTime());
