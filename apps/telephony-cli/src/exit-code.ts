/** What a script can trust. */
export const exitCode = {
  ok: 0,
  /** It was tried and did not work, or the answer is no. */
  failed: 1,
  /** The call or the configuration is wrong; nothing was tried. */
  usage: 2,
  /** A text may or may not have been sent: do not try again before looking. */
  unknown: 3,
} as const;

/** One of the exit codes. */
export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** Ends a command with a message and an exit code, without a stack trace. */
export class CommandFailure extends Error {
  readonly exitCode: ExitCode;

  constructor(message: string, code: ExitCode = exitCode.failed) {
    super(message);
    this.exitCode = code;
  }
}
