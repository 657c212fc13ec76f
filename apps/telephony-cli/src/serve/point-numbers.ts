import type { AccountServer } from '@openclaw/telephony-config';
import type { TelephonyStore } from '@openclaw/telephony-store';
import { CommandFailure } from '../exit-code.ts';
import { createNumberWebhook, isSet, ourSettings, printableSettings } from '../number-webhook.ts';
import { say, sayJson, styled, type Terminal } from '../terminal.ts';
import { reachedAt } from '../workplace.ts';

/** What {@link pointNumbers} takes beside the servers. */
export interface PointNumbersOptions {
  /** The address of a tunnel, if there is one. */
  readonly origin: string | undefined;
  readonly store: TelephonyStore;
  /** Ends the attempts. */
  readonly signal: AbortSignal;
}

/** Pauses before a carrier that did not take the change is asked again, in milliseconds; then it is given up. */
const pausesMs = [2000, 10_000, 60_000];

/**
 * Points the number of every account at us, and says what it changed. What was there before is kept as
 * `telephony setup webhook` keeps it. A number that cannot be set up does not keep the others from being served,
 * and a carrier that has none is left out.
 */
export async function pointNumbers(
  terminal: Terminal,
  servers: readonly AccountServer[],
  options: PointNumbersOptions,
): Promise<void> {
  await Promise.all(
    servers.map(async (server) => {
      if (server.provider.numberSetup === undefined) return;
      for (const pauseMs of [...pausesMs, undefined]) {
        if (options.signal.aborted) return;
        const failure = await pointNumber(terminal, server, options);
        if (failure === undefined) return;
        const { id } = server.account;
        sayJson(terminal, { account: id, changed: false, error: failure.message });
        terminal.stderr.write(
          `${styled({ stdout: terminal.stderr }, 'red', '✗')} account "${id}" was not set up: ${failure.message}\n`,
        );
        // What only a person can mend is not tried again.
        if (pauseMs === undefined || failure instanceof CommandFailure) return;
        await pause(pauseMs, options.signal);
      }
    }),
  );
}

async function pointNumber(
  terminal: Terminal,
  { account, provider }: AccountServer,
  { origin, store }: PointNumbersOptions,
): Promise<Error | undefined> {
  try {
    const config = reachedAt(account.config, origin);
    const webhook = createNumberWebhook({ config, provider, store });
    const now = await webhook.inspect();
    const wanted = ourSettings(config);
    const isSame = isSet(now, wanted);
    if (!isSame) await webhook.apply(now, wanted);
    const { messageUrl: from } = printableSettings(now);
    const { messageUrl: to } = printableSettings(wanted);
    sayJson(terminal, { account: account.id, number: webhook.number, changed: !isSame, from, to });
    const what = isSame
      ? `texts to ${webhook.number} come here already`
      : `texts to ${webhook.number} went to ${from ?? 'nowhere'}, and come here now; \`telephony setup webhook --undo\` puts it back`;
    say(terminal, `${styled(terminal, 'green', '✓')} ${what}`);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}
