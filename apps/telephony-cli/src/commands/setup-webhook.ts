import { createInterface } from 'node:readline/promises';
import { webhookUrl } from '@openclaw/telephony-config';
import {
  type E164,
  isE164,
  type NumberSetup,
  type WebhookSettings,
} from '@openclaw/telephony-core';
import { CommandFailure, exitCode } from '../exit-code.ts';
import { say, sayJson, styled, table, type Terminal } from '../terminal.ts';
import { openWorkplace, type Workplace, type WorkplaceOptions } from '../workplace.ts';

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
    const { number, setup } = target(workplace);
    const key = `setup/${workplace.provider.id}/${number}`;
    const now = await setup.inspect(number);
    const wanted = options.undo === true ? await before(workplace, key) : ours(workplace);
    sayJson(terminal, { number, now: printable(now), wanted: printable(wanted) });
    say(terminal, difference(terminal, now, wanted));
    if (same(now, wanted))
      return say(terminal, `${styled(terminal, 'green', '✓')} It is so already.`);
    if (options.yes !== true && !(await confirmed(terminal))) {
      throw new CommandFailure('nothing was changed');
    }
    // The first state that was found is the one to go back to, however often a set-up is repeated.
    const isFirst = (await workplace.store.keyValue.get(key)) === undefined;
    const keep = async (settings: WebhookSettings): Promise<void> => {
      if (options.undo === true || !isFirst) return;
      const kept = { ...printable(settings), restore: settings.restore };
      await workplace.store.keyValue.set(key, JSON.stringify(kept));
    };
    // What was there is written down first: a crash in between must not lose the way back.
    await keep(now);
    await keep(await setup.apply(number, wanted));
    const after = await setup.inspect(number);
    if (!same(after, wanted)) {
      throw new CommandFailure(
        'the carrier took the change and shows something else; look at its console',
      );
    }
    if (options.undo === true) await workplace.store.keyValue.delete(key);
    sayJson(terminal, { done: true });
    const hint = options.undo === true ? '' : ' `telephony setup webhook --undo` puts it back.';
    say(terminal, `${styled(terminal, 'green', '✓')} Done.${hint}`);
  } finally {
    await workplace.close();
  }
}

function target({ config, provider }: Workplace): {
  readonly number: E164;
  readonly setup: NumberSetup;
} {
  const { fromNumber } = config;
  if (fromNumber === undefined || !isE164(fromNumber)) {
    throw new CommandFailure(
      'fromNumber must be a number as +15550100100 for this',
      exitCode.usage,
    );
  }
  if (provider.numberSetup === undefined) {
    throw new CommandFailure(`${provider.id} has no numbers to set up`, exitCode.usage);
  }
  return { number: fromNumber, setup: provider.numberSetup };
}

function ours({ config }: Workplace): WebhookSettings {
  const messageUrl = webhookUrl(config);
  if (messageUrl === undefined) {
    throw new CommandFailure(
      'publicUrl is missing: the carrier must be told where to call',
      exitCode.usage,
    );
  }
  return { messageUrl };
}

async function before({ store }: Workplace, key: string): Promise<WebhookSettings> {
  const entry = await store.keyValue.get(key);
  if (entry === undefined)
    throw new CommandFailure('there is nothing to undo: nothing was set up from here');
  const saved: unknown = JSON.parse(entry.value);
  if (typeof saved !== 'object' || saved === null) {
    throw new CommandFailure('what was there before can no longer be read');
  }
  const url = 'messageUrl' in saved ? saved.messageUrl : null;
  const restore = 'restore' in saved ? saved.restore : undefined;
  return {
    messageUrl: typeof url === 'string' ? new URL(url) : null,
    ...(typeof restore === 'object' && restore !== null ? { restore: { ...restore } } : {}),
  };
}

const printable = ({ messageUrl }: WebhookSettings): { readonly messageUrl: string | null } => ({
  messageUrl: messageUrl?.href ?? null,
});
const same = (one: WebhookSettings, other: WebhookSettings): boolean =>
  printable(one).messageUrl === printable(other).messageUrl;

function difference(terminal: Terminal, now: WebhookSettings, wanted: WebhookSettings): string {
  const [from, to] = [now, wanted].map((one) => printable(one).messageUrl ?? '(none)');
  return table(
    terminal,
    ['texts go to', ''],
    [
      ['now', from ?? ''],
      ['then', to ?? ''],
    ],
  );
}

async function confirmed({ json, stdin, stdout }: Terminal): Promise<boolean> {
  if (json) throw new CommandFailure('with --json, say --yes as well', exitCode.usage);
  const lines = createInterface({ input: stdin, output: stdout });
  try {
    return /^y(?:es)?$/iu.test((await lines.question('Change it? [y/N] ')).trim());
  } finally {
    lines.close();
  }
}
