import { TelephonyError } from '@openclaw/telephony-core';
import { StoreError } from '@openclaw/telephony-store';
import { ActionError } from './actions.ts';
import type { HostLog } from './host-logger.ts';
import { MediaError } from './outbound-media.ts';
import { PartialSendError, UnknownSendError } from './send.ts';

/**
 * What went wrong, for whoever asked: never a secret, a number or a text. What nobody foresaw stands in the log of the
 * gateway, and they are told so.
 */
export function sentenceOf(error: unknown, log: Pick<HostLog, 'error'>): string {
  const isOurs =
    TelephonyError.isInstance(error) ||
    StoreError.isInstance(error) ||
    error instanceof ActionError ||
    error instanceof MediaError ||
    error instanceof PartialSendError ||
    error instanceof UnknownSendError;
  if (isOurs) return error.message;
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  log.error(`telephony: ${what.replaceAll(/\d{7,}/gu, '…')}`);
  return 'it failed; the gateway log says why';
}
