import type { LogFields, Logger } from '@openclaw/telephony-server';

/** The host's log: lines of text. */
export interface HostLog {
  debug?(line: string): void;
  info(line: string): void;
  warn(line: string): void;
  error(line: string): void;
}

/** Our log lines as the host writes them: the message, then what it is about. */
export function createHostLogger(log: HostLog, accountId: string): Logger {
  const line = (fields: LogFields, message: string): string => {
    const about = Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${name}=${String(value)}`);
    return [`telephony[${accountId}] ${message}`, ...about].join(' ');
  };
  return {
    debug: (fields, message) => log.debug?.(line(fields, message)),
    info: (fields, message) => log.info(line(fields, message)),
    warn: (fields, message) => log.warn(line(fields, message)),
    error: (fields, message) => log.error(line(fields, message)),
  };
}
