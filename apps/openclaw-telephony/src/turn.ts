import type { InboundMessage } from '@openclaw/telephony-core';
import type { Logger, MessageContext, MessageHandler, Reply } from '@openclaw/telephony-server';
import { Retry } from '@openclaw/telephony-store';
import type { OpenClawConfig, PluginRuntime } from 'openclaw/plugin-sdk/channel-core';
import { runDetachedWebhookWork } from 'openclaw/plugin-sdk/webhook-request-guards';
import { judge } from './access.ts';
import type { TelephonyAccount } from './account.ts';
import { channelId } from './channel-id.ts';
import { dmScopeOf } from './dm-scope.ts';
import { saveFiles } from './inbound-files.ts';
import { plainText } from './plain-text.ts';
import { createTurnAdoption } from './turn-adoption.ts';
import { createTurnGate, type TurnGate } from './turn-gate.ts';
import { createRecovery, type HostSessions, type Recovery } from './turn-recovery.ts';

/** What {@link createTurns} takes. */
export interface TurnOptions {
  readonly host: PluginRuntime['channel'];
  readonly sessions: HostSessions;
  readonly config: () => OpenClawConfig;
  readonly account: TelephonyAccount;
  readonly logger: Logger;
  /** Called before the agent hears of a text: what is sent to its sender now is an answer. */
  readonly wrote: (sender: string) => Promise<void>;
  readonly now: () => Date;
}

/**
 * Makes the handler that hands a text to the agent. It resolves when the host has made the turn its own (then a
 * crash is the host's to recover from), or when the turn ends without that. A turn that fails before is run again by
 * our inbox; the host knows the message's id and begins no second turn for it.
 */
export function createTurns(options: TurnOptions): MessageHandler {
  const gate = createTurnGate();
  const recovery = createRecovery(options);
  return (message, reply, context) =>
    new Promise<void>((resolve, reject) => {
      // A reload of the configuration starts us inside work of the host's that ends with the reload. What inherits
      // from it would be refused as if the gateway were closing.
      runDetachedWebhookWork(() =>
        run(message, reply, options, { adopted: resolve, context, gate, recovery }),
      ).then(resolve, reject);
    });
}

interface Adoption {
  readonly adopted: () => void;
  readonly context: MessageContext;
  readonly gate: TurnGate;
  readonly recovery: Recovery;
}

async function run(
  message: InboundMessage,
  reply: Reply,
  options: TurnOptions,
  { adopted, context, gate, recovery }: Adoption,
): Promise<void> {
  const { host, account, logger } = options;
  const { accountId } = account;
  const { from } = message;
  const cfg = options.config();
  const dmScope = dmScopeOf(cfg);
  const route = host.routing.resolveAgentRoute({
    cfg,
    channel: channelId,
    accountId,
    peer: { kind: 'direct', id: from },
    dmScope,
  });
  const withCommand = host.commands.shouldComputeCommandAuthorized(message.text, cfg);
  const { agentId, sessionKey } = route;
  const isCommand = host.commands.isControlCommandMessage(message.text, cfg);
  // A command is for the turn that runs.
  if (!isCommand) await recovery.over({ agentId, sessionKey }, context.signal);
  const { admission, storeFailed } = await judge(from, options, {
    binding: { agentId, sessionKey, messageId: message.id },
    withCommand,
  });
  if (!admission.senderAccess.allowed) {
    // Whoever came this far was let in a moment ago.
    if (storeFailed) throw new Retry(1000, 'the list of approved people cannot be read');
    return;
  }

  const { media, notices } = await saveFiles(message, context, host.media);
  const text = [message.text, ...notices].filter((line) => line !== '').join('\n');
  const { authorized } = admission.commandAccess;
  await options.wrote(from);
  const turn = await gate.enter(from);
  const adoption = createTurnAdoption({
    signal: context.signal,
    onAdopted: adopted,
    onSettled: () => turn.over(),
  });
  await host.inbound
    .run<InboundMessage>({
      channel: channelId,
      accountId,
      raw: message,
      log: ({ stage, event, reason }) => {
        if (event === 'error' || event === 'warning') logger.warn({ stage, reason }, 'turn');
      },
      turnAdoptionLifecycle: adoption.lifecycle,
      adapter: {
        ingest: () => ({
          id: message.id,
          timestamp: options.now().getTime(),
          rawText: text,
          textForAgent: text,
          textForCommands: message.text,
          raw: message,
        }),
        resolveTurn: (input) => ({
          cfg,
          channel: channelId,
          accountId,
          route: { agentId, sessionKey, dmScope },
          ctxPayload: host.inbound.buildContext({
            channelIngress: admission,
            channel: channelId,
            accountId,
            messageId: message.id,
            ...(input.timestamp === undefined ? {} : { timestamp: input.timestamp }),
            from: `${channelId}:${from}`,
            sender: { id: from, name: from },
            conversation: { kind: 'direct', id: from, label: from },
            route: {
              agentId,
              accountId,
              routeSessionKey: sessionKey,
              dispatchSessionKey: sessionKey,
            },
            reply: { to: `${channelId}:${from}` },
            message: { rawBody: text, commandBody: message.text, bodyForAgent: text },
            media: [...media],
            ...(withCommand ? { access: { commands: { authorized } } } : {}),
            ...(isCommand
              ? { command: { kind: 'text-slash' as const, body: message.text, authorized } }
              : {}),
            extra: { MessageSid: message.id, SenderE164: from, To: message.to },
          }),
          delivery: {
            // Named one by one: the host would ask for `replyTo` as well, which a text does not have, and then
            // deliver without its durable queue.
            durable: ({ mediaUrl, mediaUrls = [] }, { kind }) => {
              if (kind === 'final') turn.ending();
              return {
                to: from,
                replyToId: null,
                threadId: null,
                requiredCapabilities: {
                  text: true,
                  reconcileUnknownSend: true,
                  ...(mediaUrl !== undefined || mediaUrls.length > 0 ? { media: true } : {}),
                },
              };
            },
            // What is no final answer has no durable queue: our own outbox takes it.
            deliver: async ({ text: part }) => {
              const words = plainText(part ?? '');
              if (words === '') return { visibleReplySent: false };
              await reply(words);
              return { visibleReplySent: true };
            },
            onError: (error, { kind }) =>
              logger.error(
                { kind, reason: error instanceof Error ? error.message : 'unknown' },
                'the answer was not delivered',
              ),
          },
        }),
      },
    })
    .catch((error: unknown) => {
      // Once the turn is the host's, running it again is the host's too.
      if (!adoption.isAdopted()) throw error;
      logger.error({ reason: error instanceof Error ? error.name : 'unknown' }, 'the turn failed');
    })
    .finally(() => {
      if (!adoption.isDeferred()) turn.over();
    });
  await adoption.decided();
}
