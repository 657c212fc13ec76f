import { webhookUrl } from '@openclaw/telephony-config';
import { listen } from '@openclaw/telephony-server';
import { CommandFailure, exitCode } from '../exit-code.ts';
import { loadMessageHandler } from '../message-handler.ts';
import { createServerLog } from '../server-log.ts';
import { say, sayJson, styled, type Terminal } from '../terminal.ts';
import { untilStopped } from '../until-stopped.ts';
import { openWorkplace, type WorkplaceOptions } from '../workplace.ts';

/** Options of `telephony serve`. */
export interface ServeOptions extends WorkplaceOptions {
  readonly handler?: string;
  readonly echo?: boolean;
  readonly verbose?: boolean;
}

/** Runs a number until it is told to stop. */
export async function serve(
  terminal: Terminal,
  options: ServeOptions,
  stop: AbortSignal,
): Promise<void> {
  if ((options.handler === undefined) === (options.echo !== true)) {
    throw new CommandFailure(
      'who answers? Give --handler <module>, or --echo to send every text back',
      exitCode.usage,
    );
  }
  const onMessage = await loadMessageHandler(options.handler);
  const logger = createServerLog(terminal, options.verbose ?? false);
  const workplace = await openWorkplace(options, { onMessage, logger });
  try {
    const { config, server, provider } = workplace;
    const listener = await listen(server.handler, config.serve).catch((error: unknown) => {
      throw new CommandFailure(
        error instanceof Error ? error.message : String(error),
        exitCode.usage,
      );
    });
    server.start();
    const webhook = (webhookUrl(config) ?? new URL(config.serve.path, listener.url)).href;
    sayJson(terminal, { listening: listener.url, webhook, database: workplace.database });
    say(
      terminal,
      `${styled(terminal, 'green', '✓')} ${provider.id} texts come in at ${styled(terminal, 'bold', webhook)}`,
    );
    say(terminal, `  data in ${workplace.database}; stop with Ctrl+C`);
    if (config.publicUrl === undefined) {
      say(
        terminal,
        '  publicUrl is not set: signatures are checked against the Host header, and no receipts are asked for',
      );
    }
    if (config.skipSignatureVerification) {
      say(
        terminal,
        styled(terminal, 'red', '  signatures are NOT checked: anybody on this machine can text'),
      );
    }
    await untilStopped(stop);
    say(terminal, 'Stopping: what is under way is finished first.');
    await listener.close();
  } finally {
    await workplace.close();
  }
}
