import { type Logger, reasonOf } from '../observe/logger.ts';
import type { FailedSend } from './dispatch-options.ts';

/** Tells the application of a message that never left. What it throws is a line of the log and no more. */
export const tellSendFailed =
  (onSendFailed: ((failed: FailedSend) => void) | undefined, logger: Logger) =>
  (failed: FailedSend): void => {
    try {
      onSendFailed?.(failed);
    } catch (error) {
      logger.error({ sendId: failed.sendId, reason: reasonOf(error) }, 'onSendFailed failed');
    }
  };
