import { randomUUID } from 'node:crypto';
import { resolveRecipient } from '@openclaw/telephony-config';
import { redactAddress } from '@openclaw/telephony-core';
import type { SendProgress } from '@openclaw/telephony-server';
import { CommandFailure, exitCode } from '../exit-code.ts';
import { count, say, sayJson, styled, type Terminal } from '../terminal.ts';
import { openWorkplace, type Workplace, type WorkplaceOptions } from '../workplace.ts';

/** Options of `telephony send`. */
export interface SendOptions extends WorkplaceOptions {
  readonly media: readonly string[];
  readonly timeout: number;
}

/** Sends one text through the outbox: a running server sends it, or this process when none runs. */
export async function send(
  terminal: Terminal,
  to: string,
  text: string,
  options: SendOptions,
): Promise<void> {
  const media = options.media.map(parseMediaUrl);
  const workplace = await openWorkplace(options);
  try {
    const recipient = resolveRecipient(to, workplace.config.defaultCountry);
    const id = randomUUID();
    const queued = await workplace.server.send({
      id,
      to: recipient,
      purpose: 'operator',
      ...(text === '' ? {} : { text }),
      ...(media.length === 0 ? {} : { media }),
    });
    // This process has no application: texts that wait for one are left to the server that has it.
    workplace.server.start({ inbox: false });
    const progress = await settled(workplace, id, options.timeout * 1000);
    report(terminal, redactAddress(recipient), progress, queued.segmentCount);
  } finally {
    await workplace.close();
  }
}

function parseMediaUrl(url: string): URL {
  if (URL.canParse(url) && /^https?:$/u.test(new URL(url).protocol)) return new URL(url);
  throw new CommandFailure(
    '--media must be a public URL as https://example.com/cat.jpg',
    exitCode.usage,
  );
}

/** Waits until nothing of a send is waiting or under way; another process may be doing the work. */
async function settled(workplace: Workplace, id: string, timeoutMs: number): Promise<SendProgress> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const progress = await workplace.server.sendProgress(id);
    const open = progress?.messages.some(
      ({ state }) => state === 'waiting' || state === 'dispatching',
    );
    if (progress && open === false) return progress;
    if (performance.now() > end) {
      throw new CommandFailure(
        'it is in the outbox and not sent yet: a running `telephony serve` will send it',
        exitCode.unknown,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function report(
  terminal: Terminal,
  to: string,
  progress: SendProgress,
  segmentCount: number,
): void {
  const { messages } = progress;
  sayJson(terminal, { id: progress.id, segmentCount, messages });
  const failed = messages.find((message) => message.state === 'failed');
  const unknown = messages.find((message) => message.state === 'unknown');
  const accepted = messages.some((message) => message.state === 'accepted');
  if (failed && !unknown) {
    const what = accepted ? `only a part was sent to ${to}` : `not sent to ${to}`;
    throw new CommandFailure(
      `${what}: ${failed.reason}`,
      accepted ? exitCode.unknown : exitCode.failed,
    );
  }
  if (unknown) {
    throw new CommandFailure(
      `a message to ${to} may or may not have been sent (${unknown.code}); look before you send it again`,
      exitCode.unknown,
    );
  }
  const ids = messages.flatMap((message) =>
    message.state === 'accepted' ? [message.messageId] : [],
  );
  say(
    terminal,
    `${styled(terminal, 'green', '✓')} sent to ${to}: ${count(messages.length, 'message')}, ${count(segmentCount, 'segment')}`,
  );
  for (const id of ids) say(terminal, `  ${id}`);
}
