import type { ChannelPlugin } from 'openclaw/plugin-sdk/channel-core';
import { readAccount } from './account.ts';
import { toNumber } from './phone.ts';
import { carrierProblem } from './target-carrier.ts';

type Outbound = NonNullable<ChannelPlugin['outbound']>;
type Message = NonNullable<ChannelPlugin['message']>;

/** The most that the host hands over at once; our outbox splits by segments, and refuses what costs too much. */
const longestText = 20_000;

/** How the host sends. Everything goes through our outbox in the gateway's process. */
export const outboundAdapter: Outbound = {
  deliveryMode: 'gateway',
  chunker: null,
  textChunkLimit: longestText,
  // A text answers nothing in particular. With the id of what it answers, the host would look for a channel that can
  // quote, find none, and send without its durable queue.
  normalizePayload: ({ payload: { replyToId: _quoted, ...payload } }) => payload,
  resolveTarget: ({ to = '', cfg, accountId }) => {
    const number = toNumber(to);
    const problem =
      number === ''
        ? 'the recipient must be a number as +15550100123'
        : carrierProblem(to, readAccount(cfg, accountId ?? null), cfg);
    return problem === undefined
      ? { ok: true, to: number }
      : { ok: false, error: new Error(problem) };
  },
  sendText: async (ctx) => (await import('./host-delivery.ts')).deliver(ctx, 'text'),
  sendMedia: async (ctx) => (await import('./host-delivery.ts')).deliver(ctx, 'media'),
};

/** The same for the host's durable delivery, which may ask after a crash whether we took a send. */
export const messageAdapter: Message = {
  id: 'telephony',
  durableFinal: {
    capabilities: {
      text: true,
      media: true,
      messageSendingHooks: true,
      reconcileUnknownSend: true,
    },
    automaticUnknownSendReconciliation: true,
    reconcileUnknownSendKinds: { text: true, media: true },
    reconcileUnknownSend: async (ctx) => (await import('./host-delivery.ts')).reconcile(ctx),
  },
  send: {
    text: async (ctx) => (await import('./host-delivery.ts')).deliver(ctx, 'text'),
    media: async (ctx) => (await import('./host-delivery.ts')).deliver(ctx, 'media'),
  },
};
