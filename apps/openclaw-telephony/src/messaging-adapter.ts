import type { ChannelPlugin } from 'openclaw/plugin-sdk/channel-core';
import { channelId } from './channel-id.ts';
import { readAccount } from './account.ts';
import { dmScopeOf } from './dm-scope.ts';
import { targetPrefixes, toNumber } from './phone.ts';
import { carrierProblem } from './target-carrier.ts';

/** How the host names recipients: `+15550100123`, or `twilio:+15550100123`. */
export const messagingAdapter: NonNullable<ChannelPlugin['messaging']> = {
  targetPrefixes: targetPrefixes.filter((prefix) => prefix !== channelId),
  normalizeTarget: (raw) => toNumber(raw) || undefined,
  inferTargetChatType: ({ to }) => (toNumber(to) === '' ? undefined : 'direct'),
  targetResolver: {
    looksLikeId: (raw) => toNumber(raw) !== '',
    hint: 'a number as +15550100123',
    // What names another carrier keeps its name: `outbound.resolveTarget` refuses it then, with a sentence.
    async resolveTarget({ cfg, accountId, input }) {
      const to = toNumber(input);
      if (to === '') return null;
      const isWrong = carrierProblem(input, readAccount(cfg, accountId ?? null)) !== undefined;
      return { to: isWrong ? input : to, kind: 'user' };
    },
  },
  async resolveOutboundSessionRoute(params) {
    const to = toNumber(params.resolvedTarget?.to ?? params.target);
    if (to === '') return null;
    const { buildChannelOutboundSessionRoute } = await import('openclaw/plugin-sdk/channel-core');
    return buildChannelOutboundSessionRoute({
      // The host derives the session from its own setting alone, whose default is one session for everybody.
      cfg: { ...params.cfg, session: { ...params.cfg.session, dmScope: dmScopeOf(params.cfg) } },
      agentId: params.agentId,
      channel: channelId,
      ...(params.accountId === undefined ? {} : { accountId: params.accountId }),
      recipientSessionExact: true,
      peer: { kind: 'direct', id: to },
      chatType: 'direct',
      from: `${channelId}:${to}`,
      to: `${channelId}:${to}`,
    });
  },
};
