import { pathToFileURL } from 'node:url';
import type { MessageHandler } from '@openclaw/telephony-server';
import { CommandFailure, exitCode } from './exit-code.ts';

const echo: MessageHandler = async ({ text, media }, reply) => {
  await reply(text === '' ? `${media.length} received` : text);
};

/** The application behind `telephony serve`: the module's default export, or an echo. */
export async function loadMessageHandler(module: string | undefined): Promise<MessageHandler> {
  if (module === undefined) return echo;
  const url = module.startsWith('file:') ? module : pathToFileURL(module).href;
  let loaded: unknown;
  try {
    loaded = await import(url);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandFailure(`the handler cannot be loaded: ${why}`, exitCode.usage);
  }
  const handler =
    typeof loaded === 'object' && loaded !== null && 'default' in loaded
      ? loaded.default
      : undefined;
  if (!isHandler(handler)) {
    throw new CommandFailure(
      'the handler module must have a default export: async (message, reply) => { … }',
      exitCode.usage,
    );
  }
  return handler;
}

const isHandler = (value: unknown): value is MessageHandler => typeof value === 'function';
