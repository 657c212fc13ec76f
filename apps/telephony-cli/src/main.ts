import { styleText } from 'node:util';
import { ConfigError } from '@openclaw/telephony-config';
import { TelephonyError } from '@openclaw/telephony-core';
import { StoreError } from '@openclaw/telephony-store';
import { CommanderError } from 'commander';
import { CommandFailure, type ExitCode, exitCode } from './exit-code.ts';
import { createProgram, type ProgramContext } from './program.ts';

/**
 * The first Ctrl+C or SIGTERM asks a command to end, for those that can; the second ends it. So does the end of the
 * terminal that it runs in.
 */
function onStop(): AbortSignal {
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  if (process.stdin.isTTY) process.once('SIGHUP', stop);
  return stopping.signal;
}

/** Without a terminal, SIGHUP means what it means to every service: read the configuration anew. */
function onReload(listener: () => void): () => void {
  if (process.stdin.isTTY) return () => undefined;
  process.on('SIGHUP', listener);
  return () => void process.off('SIGHUP', listener);
}

/** Runs one command line, and tells how the process should exit. */
export async function main(
  args: readonly string[],
  context: ProgramContext = ofThisProcess,
): Promise<ExitCode> {
  const program = createProgram(context);
  for (const command of [program, ...program.commands.flatMap((one) => [one, ...one.commands])]) {
    command.exitOverride();
  }
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode.ok;
  } catch (error) {
    return explain(error, context.stderr);
  }
}

const ofThisProcess: ProgramContext = {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  onStop,
  onReload,
};

function explain(error: unknown, stderr: NodeJS.WritableStream): ExitCode {
  // Commander has already written what was wrong with the call.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.ok : exitCode.usage;
  const message = error instanceof Error ? error.message : String(error);
  if (message !== '') {
    stderr.write(`${styleText('red', 'telephony:', { stream: stderr })} ${message}\n`);
  }
  if (error instanceof CommandFailure) return error.exitCode;
  if (error instanceof ConfigError) return exitCode.usage;
  if (TelephonyError.isInstance(error)) {
    if (error.code === 'invalid_request') return exitCode.usage;
    return error.outcome === 'unknown' ? exitCode.unknown : exitCode.failed;
  }
  if (!StoreError.isInstance(error) && error instanceof Error && error.stack !== undefined) {
    stderr.write(`${error.stack}\n`);
  }
  return exitCode.failed;
}
