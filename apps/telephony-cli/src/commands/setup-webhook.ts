import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import type { WebhookSettings } from '@openclaw/telephony-core';
import { CommandFailure, exitCode } from '../exit-code.ts';
import { createNumberWebhook, isSet, ourSettings, printableSettings } from '../number-webhook.ts';
import { checkAddresses } from '../serve/addresses.ts';
import { table } from '../table.ts';
import { say, sayJson, styled, type Terminal } from '../terminal.ts';
import { openWorkplace, type WorkplaceOptions } from '../workplace.ts';

/** Options of `telephony setup webhook`. */
export interface SetupWebhookOptions extends WorkplaceOptions {
  /** Does not ask. */
  readonly yes?: boolean;
  /** Puts back what was there before the last set-up. */
  readonly undo?: boolean;
}

/** Points the carrier's number at our webhook: shows the difference, asks, applies, and can undo it. */
export async function setupWebhook(
  terminal: Terminal,
  options: SetupWebhookOptions,
): Promise<void> {
  const workplace = await openWorkplace(options);
  try {
    const { accountId: id, config } = workplace;
    const webhook = createNumberWebhook(workplace);
    // A carrier must not be told an address that it can never reach.
    if (options.undo !== true) await checkAddresses([{ id, config }], 'none');
    const now = await webhook.inspect();
    const wanted = options.undo === true ? await webhook.before() : ourSettings(config);
    sayJson(terminal, {
      number: webhook.number,
      now: printableSettings(now),
      wanted: printableSettings(wanted),
    });
    say(terminal, difference(terminal, now, wanted));
    if (isSet(now, wanted))
      return say(terminal, `${styled(terminal, 'green', '✓')} It is so already.`);
    if (options.yes !== true && !(await confirmed(terminal))) {
      throw new CommandFailure('nothing was changed');
    }
    await (options.undo === true ? webhook.undo(wanted) : webhook.apply(now, wanted));
    sayJson(terminal, { done: true });
    const hint = options.undo === true ? '' : ' `telephony setup webhook --undo` puts it back.';
    say(terminal, `${styled(terminal, 'green', '✓')} Done.${hint}`);
  } finally {
    await workplace.close();
  }
}

function difference(terminal: Terminal, now: WebhookSettings, wanted: WebhookSettings): string {
  const isAboutCalls = wanted.voiceUrl !== undefined;
  const line = (name: string, one: WebhookSettings): string[] => [
    name,
    placeOf(one, 'messageUrl'),
    ...(isAboutCalls ? [placeOf(one, 'voiceUrl')] : []),
  ];
  return table(
    terminal,
    ['', 'texts go to', ...(isAboutCalls ? ['calls go to'] : [])],
    [line('now', now), line('then', wanted)],
  );
}

function placeOf(settings: WebhookSettings, name: 'messageUrl' | 'voiceUrl'): string {
  const url = printableSettings(settings)[name] ?? '(none)';
  return settings.calledByGet?.includes(name) === true ? `${url} (by GET)` : url;
}

async function confirmed({ json, stdin, stdout }: Terminal): Promise<boolean> {
  if (json) throw new CommandFailure('with --json, say --yes as well', exitCode.usage);
  const lines = createInterface({ input: stdin, output: stdout });
  try {
    // Where the input ends without a word, as under cron, nobody has said yes.
    const silence = once(lines, 'close').then(() => '');
    const answer = await Promise.race([lines.question('Change it? [y/N] '), silence]);
    return /^y(?:es)?$/iu.test(answer.trim());
  } finally {
    lines.close();
  }
}
