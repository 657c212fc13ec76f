import { type Command, InvalidArgumentError, Option } from 'commander';
import { carrierNames } from '../carrier-names.ts';
import type { Terminal } from '../terminal.ts';

/** What the commands reach of the world around them. */
export interface ProgramContext {
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  readonly environment: { readonly [name: string]: string | undefined };
  /** Listens from now on for the person who wants the command to stop. */
  readonly onStop: () => AbortSignal;
  /** Listens for whoever wants the configuration read anew; stops listening when the result is called. */
  readonly onReload: (listener: () => void) => () => void;
}

/** What a command is given when it runs. */
export interface CommandContext extends ProgramContext {
  readonly terminal: () => Terminal;
}

/** Adds the options of every command that works with a number. */
export const withNumber = (
  command: Command,
  whichAccount = 'which account; default: the default account',
): Command =>
  command
    .option('-c, --config <file>', 'configuration in JSON5; else the environment configures')
    .option('-d, --data <folder>', 'where the database is kept')
    .option('-a, --account <id>', whichAccount)
    .option('--provider <name>', 'another carrier than the configuration names');

/** Adds the options of every command that only looks into the database, which needs no configuration. */
export const withRecords = (command: Command): Command =>
  command
    .option('-c, --config <file>', 'configuration in JSON5; names the default account')
    .option('-d, --data <folder>', 'where the database is kept')
    .option('-a, --account <id>', 'which account; default: the default account');

/** Gathers an option that may be repeated. */
export const collect = (value: string, previous: readonly string[]): string[] => [
  ...previous,
  value,
];

/** An option that names a carrier. */
export const carrierOption = (flags: string): Option =>
  new Option(flags, 'which carrier').choices(carrierNames);

/** An option that takes a number of seconds above 0. */
export const secondsOption = (flags: string, description: string, seconds: number): Option =>
  new Option(flags, description).default(seconds).argParser(parseSeconds);

/** An option that takes a whole number from 0 up. */
export const countOption = (flags: string, description: string, count: number): Option =>
  new Option(flags, description).default(count).argParser(parseCount);

/** @throws {InvalidArgumentError} for what is no number of seconds above 0 */
function parseSeconds(value: string): number {
  const seconds = Number(value);
  if (value.trim() !== '' && Number.isFinite(seconds) && seconds > 0) return seconds;
  throw new InvalidArgumentError('It must be a number of seconds above 0.');
}

/** @throws {InvalidArgumentError} for what is no whole number */
function parseCount(value: string): number {
  if (/^\d{1,6}$/u.test(value)) return Number(value);
  throw new InvalidArgumentError('It must be a whole number.');
}

/** @throws {InvalidArgumentError} for what is no port */
export function parsePort(value: string): number {
  const port = Number(value);
  if (/^\d{1,5}$/u.test(value) && port <= 65_535) return port;
  throw new InvalidArgumentError('It must be a port from 0 to 65535.');
}
