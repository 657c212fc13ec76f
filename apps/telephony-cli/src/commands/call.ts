import { randomUUID } from 'node:crypto';
import { isE164, redactAddress } from '@openclaw/telephony-core';
import type { CallRecord } from '@openclaw/telephony-server';
import { CommandFailure, exitCode } from '../exit-code.ts';
import { accountFor, numberOf, parseTarget } from '../target.ts';
import { say, sayJson, styled, type Terminal } from '../terminal.ts';
import { openWorkplace, type Workplace, type WorkplaceOptions } from '../workplace.ts';

/** Options of `telephony call`. */
export interface CallOptions extends WorkplaceOptions {
  /** How long to wait for the end of the call. */
  readonly timeout: number;
}

/** Calls somebody and has a message read to them; the server that runs tells the carrier what to say. */
export async function call(
  terminal: Terminal,
  written: string,
  message: string,
  options: CallOptions,
): Promise<void> {
  const target = parseTarget(written);
  const workplace = await openWorkplace(options, accountFor(target, options));
  try {
    const to = numberOf(target, workplace.config);
    if (!isE164(to)) {
      throw new CommandFailure('a short code cannot be called', exitCode.usage);
    }
    if (workplace.config.voice.enabled && workplace.running === undefined) {
      throw new CommandFailure(
        'whoever picks up would hear nothing: what is said comes from a running `telephony serve` on the same data, and none answers',
      );
    }
    const id = randomUUID();
    const placed = await workplace.server.call({
      id,
      to,
      purpose: 'operator',
      ...(message === '' ? {} : { message }),
    });
    say(
      terminal,
      `${styled(terminal, 'green', '✓')} calling ${redactAddress(to)}  ${placed.callId ?? ''}`,
    );
    const record = await ended(workplace, id, options.timeout * 1000);
    sayJson(terminal, { ...placed, state: record?.state, reason: record?.reason });
    if (record?.state !== 'ended') {
      say(terminal, `  not at its end yet; \`telephony status ${placed.callId ?? id}\` tells more`);
    } else say(terminal, `  ended: ${record.reason ?? 'without a reason'}`);
  } finally {
    await workplace.close();
  }
}

/** The call once it has ended, or as it is when the time is over. */
async function ended(
  { server }: Workplace,
  id: string,
  timeoutMs: number,
): Promise<CallRecord | undefined> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const record = await server.callRecord(id);
    if (record?.state === 'ended' || performance.now() > end) return record;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
