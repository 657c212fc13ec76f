import { createHash } from 'node:crypto';
import { TelephonyError } from '@openclaw/telephony-core';

const longestId = 160;

/**
 * An id for a send, made of things that must not be read out of it, such as a number and a code: it stands in logs and
 * URLs. The same parts give the same id.
 *
 * @example
 * digestId('reminder', '+15550100123', '2026-11-20');
 */
export function digestId(kind: string, ...parts: readonly string[]): string {
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
  return `${kind}/${digest.slice(0, 22)}`;
}

/** The id of an answer: readable while the text's own id is short, as every carrier's is. */
export function replyId(inboxId: string, count: number): string {
  const id = `${inboxId}/reply-${count}`;
  return id.length <= longestId ? id : digestId('reply', id);
}

/** @throws {TelephonyError} `invalid_request` for an id that is empty or would not fit into a status URL */
export function assertSendId(id: string): void {
  if (id !== '' && id.length <= longestId) return;
  throw new TelephonyError('invalid_request', `an id has 1 to ${longestId} characters`, {
    outcome: 'not-performed',
  });
}
