/**
 * Where the server tells what it does: `pino` fits as it is, and so does `console` behind two lines.
 *
 * The fields never hold message text, a full number or a secret.
 */
export interface Logger {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}
/** What a log line is about: flat, and safe to keep. */
export type LogFields = { readonly [name: string]: string | number | boolean | undefined };

const nothing = (): void => undefined;
/** Says nothing; the default. */
export const silentLogger: Logger = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
};

/** The sentence of an error for a log line; what was thrown may be anything. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'something that is not an Error was thrown';
}
