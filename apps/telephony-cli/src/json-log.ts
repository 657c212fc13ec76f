import type { Logger } from '@openclaw/telephony-server';
import { pino } from 'pino';

/** A log for programs: a JSON object a line, written before the call returns, so that a crash takes no line with it. */
export function createJsonLog(verbose: boolean): Logger {
  return pino({ level: verbose ? 'debug' : 'info' }, pino.destination({ fd: 2, sync: true }));
}
