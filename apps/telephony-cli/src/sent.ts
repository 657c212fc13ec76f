import type { SendProgress, TelephonyServer } from '@openclaw/telephony-server';
import { CommandFailure, exitCode } from './exit-code.ts';

/**
 * Waits until nothing of a send is waiting or under way; another process may be doing the work.
 *
 * @throws {CommandFailure} with the exit code for "unknown" when that takes too long
 */
export async function settled(
  server: Pick<TelephonyServer, 'sendProgress'>,
  id: string,
  timeoutMs: number,
): Promise<SendProgress> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const progress = await server.sendProgress(id);
    const isOpen = progress?.messages.some(
      ({ state }) => state === 'waiting' || state === 'dispatching' || state === 'handing-over',
    );
    if (progress && isOpen === false) return progress;
    if (performance.now() > end) {
      throw new CommandFailure(
        'it is in the outbox and not sent yet: a running `telephony serve` will send it',
        exitCode.unknown,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/**
 * Makes a failure of a send that did not go out whole.
 *
 * @throws {CommandFailure}
 */
export function assertSent({ messages }: SendProgress, to: string): void {
  const failed = messages.find((message) => message.state === 'failed');
  const unknown = messages.find((message) => message.state === 'unknown');
  const isPartlySent = messages.some((message) => message.state === 'accepted');
  if (unknown) {
    throw new CommandFailure(
      `a message to ${to} may or may not have been sent (${unknown.code}); look before you send it again, then \`telephony unknown resolve\``,
      exitCode.unknown,
    );
  }
  if (failed) {
    const what = isPartlySent ? `only a part was sent to ${to}` : `not sent to ${to}`;
    throw new CommandFailure(
      `${what}: ${failed.reason}`,
      isPartlySent ? exitCode.unknown : exitCode.failed,
    );
  }
}
