import { TelephonyError } from '@openclaw/telephony-core';
import { Dead, Retry, StoreError } from '@openclaw/telephony-store';

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
  /** Whether anybody reads lines of this level; absent: yes. What costs something to say is then not made for nobody. */
  isLevelEnabled?(level: 'debug' | 'info'): boolean;
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
  isLevelEnabled: () => false,
};

/** Whether a line of this level is worth making. */
export const isRead = (logger: Logger, level: 'debug' | 'info'): boolean =>
  logger.isLevelEnabled?.(level) ?? true;

/**
 * What may be told of an error: the message of our own kinds, which hold nothing personal; of any other its class, its
 * code and the place where it was thrown, because its message may quote a text or a number.
 */
export function reasonOf(error: unknown): string {
  const ours =
    TelephonyError.isInstance(error) ||
    StoreError.isInstance(error) ||
    Retry.isInstance(error) ||
    Dead.isInstance(error);
  if (ours) return error.message;
  if (!(error instanceof Error)) return 'something that is not an Error was thrown';
  const code = 'code' in error ? ` ${String(error.code)}` : '';
  const place = /^\s+at .*?([^\s(]+:\d+:\d+)\)?$/mu.exec(error.stack ?? '')?.[1];
  return `${error.name}${code}${place === undefined ? '' : ` at ${place}`}`;
}
