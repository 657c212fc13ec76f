import type { LogFields, Logger } from '@openclaw/telephony-server';
import { pino } from 'pino';
import { styled, type Terminal } from './terminal.ts';

/** The log of a running server: lines for people, or JSON for programs. Always on standard error. */
export function createServerLog(terminal: Terminal, verbose: boolean): Logger {
  if (terminal.json) {
    return pino({ level: verbose ? 'debug' : 'info' }, pino.destination({ fd: 2, sync: true }));
  }
  const write =
    (mark: string) =>
    (fields: LogFields, message: string): void => {
      const details = Object.entries(fields)
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => `${styled(terminal, 'dim', `${name}=`)}${String(value)}`);
      const clock = styled(terminal, 'dim', new Date().toISOString().slice(11, 23));
      terminal.stderr.write(`${clock} ${mark} ${[message, ...details].join('  ')}\n`);
    };
  return {
    debug: verbose ? write(styled(terminal, 'dim', '·')) : () => undefined,
    info: write(styled(terminal, 'green', '•')),
    warn: write(styled(terminal, 'yellow', '!')),
    error: write(styled(terminal, 'red', '✗')),
  };
}
