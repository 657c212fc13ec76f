import type { LogFields, Logger } from '@openclaw/telephony-server';
import { pino } from 'pino';
import { styled, type Terminal } from './terminal.ts';

/** The log of a running server: lines for people, or JSON for programs. Always on standard error. */
export function createServerLog(terminal: Terminal, verbose: boolean): Logger {
  if (terminal.json) {
    return pino({ level: verbose ? 'debug' : 'info' }, pino.destination({ fd: 2, sync: true }));
  }
  const log = { stdout: terminal.stderr };
  const write =
    (mark: string) =>
    (fields: LogFields, message: string): void => {
      const details = Object.entries(fields)
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => `${styled(log, 'dim', `${name}=`)}${String(value)}`);
      const clock = styled(log, 'dim', new Date().toISOString().slice(11, 23));
      terminal.stderr.write(`${clock} ${mark} ${[message, ...details].join('  ')}\n`);
    };
  return {
    debug: verbose ? write(styled(log, 'dim', '·')) : () => undefined,
    info: write(styled(log, 'green', '•')),
    warn: write(styled(log, 'yellow', '!')),
    error: write(styled(log, 'red', '✗')),
  };
}
