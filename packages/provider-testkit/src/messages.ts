import type { OutboundMessage } from '@openclaw/telephony-core';
import { contractValues } from './contract-values.ts';

/** The message of most scenarios. */
export const plainMessage = {
  to: contractValues.person,
  from: { kind: 'number', address: contractValues.ownNumber },
  text: contractValues.text,
} as const satisfies OutboundMessage;

/** A message as a caller without types could write it: the brands do not hold it back. */
export function untyped(change: object): OutboundMessage {
  return Object.assign({ ...plainMessage }, change);
}
