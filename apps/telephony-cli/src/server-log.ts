import type { LogFields, Logger } from '@openclaw/telephony-server';
import { printable } from './printable.ts';
import { styled, type Terminal } from './terminal.ts';

/** The log of a running server: lines for people, or JSON for programs. Always on standard error. */
export async function createServerLog(terminal: Terminal, verbose: boolean): Promise<Logger> {
  if (terminal.json) {
    // Loaded here, because people at a terminal do not need it.
    const { createJsonLog } = await import('./json-log.ts');
    return createJsonLog(verbose);
  }
  const to = { stdout: terminal.stderr };
  const write =
    (mark: string) =>
    (fields: LogFields, message: string): void => {
      const details = Object.entries(fields)
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => `${styled(to, 'dim', `${name}=`)}${printable(String(value))}`);
      const clock = styled(to, 'dim', new Date().toISOString().slice(11, 23));
      terminal.stderr.write(`${clock} ${mark} ${[message, ...details].join('  ')}\n`);
    };
  return {
    debug: verbose ? write(styled(to, 'dim', '·')) : () => undefined,
    info: write(styled(to, 'green', '•')),
    warn: write(styled(to, 'yellow', '!')),
    error: write(styled(to, 'red', '✗')),
  };
}
