import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { defaultRecipient } from '@openclaw/telephony-config';
import { redactAddress } from '@openclaw/telephony-core';
import type { MediaSource } from '@openclaw/telephony-server';
import { CommandFailure, exitCode } from '../exit-code.ts';
import { assertSent, settled } from '../sent.ts';
import { accountFor, isMistakenTarget, isTarget, numberOf, parseTarget } from '../target.ts';
import { count, say, sayJson, styled, type Terminal } from '../terminal.ts';
import { openWorkplace, type Workplace, type WorkplaceOptions } from '../workplace.ts';
import { tellScheduled } from './scheduled.ts';

/** Options of `telephony send`. */
export interface SendOptions extends WorkplaceOptions {
  readonly media: readonly string[];
  readonly timeout: number;
  readonly flatten?: boolean;
  /** Not before then. */
  readonly at?: Date;
}

/** Sends one text through the outbox: a running server sends it, or this process when none runs. */
export async function send(
  terminal: Terminal,
  words: readonly string[],
  options: SendOptions,
): Promise<void> {
  const [first = ''] = words;
  if (words.length > 0 && isMistakenTarget(first)) {
    throw new CommandFailure(
      'to whom? The first word names nobody: write +15550100123, or twilio:+15550100123',
      exitCode.usage,
    );
  }
  const target = isTarget(first) ? parseTarget(first) : undefined;
  const text = (target === undefined ? words : words.slice(1)).join(' ');
  const media = options.media.map(parseMedia);
  if (text === '' && media.length === 0) {
    throw new CommandFailure('nothing to send: give a text, or --media', exitCode.usage);
  }
  const workplace = await openWorkplace(options, accountFor(target ?? { number: '' }, options));
  try {
    const { config, server } = workplace;
    const to = target === undefined ? defaultRecipient(config) : numberOf(target, config);
    if (to === undefined) {
      throw new CommandFailure(
        'to whom? The first word is no number as +15550100123, and defaultTo is not set',
        exitCode.usage,
      );
    }
    if (media.some((one) => !(one instanceof URL))) assertServed(workplace, options);
    const id = randomUUID();
    const queued = await server.send({
      id,
      to,
      purpose: 'operator',
      ...(text === '' ? {} : { text }),
      ...(media.length === 0 ? {} : { media }),
      ...(options.flatten === true ? { flattenMarkdown: true } : {}),
      ...(options.at === undefined ? {} : { sendAt: options.at }),
    });
    const { scheduledFor: at, segmentCount } = queued;
    if (at !== undefined) return tellScheduled(terminal, { id, to, at, segmentCount }, workplace);
    // This process has no application: texts that wait for one are left to the server that has it, and so are those that
    // were scheduled, whose files only that server serves.
    server.start({ inbox: false, scheduled: false });
    const progress = await settled(server, id, options.timeout * 1000);
    const { messages } = progress;
    sayJson(terminal, { id, segmentCount: queued.segmentCount, messages });
    assertSent(progress, redactAddress(to));
    const [begun] = messages;
    if (begun?.state === 'handed-over') {
      say(terminal, `handed to account ${begun.account}, which sends it to ${redactAddress(to)}`);
      return;
    }
    const parts = [count(messages.length, 'message'), count(queued.segmentCount, 'segment')];
    say(
      terminal,
      `${styled(terminal, 'green', '✓')} sent to ${redactAddress(to)}: ${parts.join(', ')}`,
    );
    for (const message of messages) {
      if (message.state === 'accepted') say(terminal, `  ${message.messageId}`);
    }
  } finally {
    await workplace.close();
  }
}

/** A public URL, or a file of this machine. */
function parseMedia(written: string): MediaSource {
  if (/^[a-z][a-z\d+.-]+:/iu.test(written) && !written.startsWith('file:')) {
    if (URL.canParse(written) && /^https?:$/u.test(new URL(written).protocol)) {
      return new URL(written);
    }
    throw new CommandFailure(
      '--media must be a public URL as https://example.com/cat.jpg, or a file as ./cat.jpg',
      exitCode.usage,
    );
  }
  return { file: resolve(written) };
}

/** A file is fetched by the carrier, from the server that runs on the same data when the text leaves. */
function assertServed({ config, running }: Workplace, { at }: SendOptions): void {
  if (config.publicUrl === undefined) {
    throw new CommandFailure(
      'a file is fetched by the carrier: set publicUrl, or run `telephony serve` with a tunnel; a public URL in --media needs neither',
      exitCode.usage,
    );
  }
  if (running !== undefined || at !== undefined) return;
  throw new CommandFailure(
    'a file is fetched by the carrier from a running `telephony serve` on the same data, and none answers: start it first',
  );
}
