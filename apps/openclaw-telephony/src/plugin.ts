import type { createChatChannelPlugin } from 'openclaw/plugin-sdk/channel-core';
import type { TelephonyAccount } from './account.ts';
import { channelId } from './channel-id.ts';
import { configAdapter } from './config-adapter.ts';
import { doctorAdapter } from './doctor-adapter.ts';
import { messagingAdapter } from './messaging-adapter.ts';
import { messageAdapter, outboundAdapter } from './outbound-adapter.ts';
import { toAllowEntry, toNumber } from './phone.ts';
import { reportStatus } from './report-status.ts';
import { runningAccount } from './running.ts';
import {
  collectRuntimeConfigAssignments,
  secretTargetRegistryEntries,
} from './secret-contract-api.ts';
import { securityAdapter } from './security-adapter.ts';
import { defaultAccountOf } from './section.ts';
import { setupContract } from './setup-contract.ts';
import { setupWizard } from './setup-wizard.ts';
import { statusAdapter } from './status-adapter.ts';

/** Of several declarations of one type in the SDK, the one that registration takes. */
type Plugin = ReturnType<typeof createChatChannelPlugin<TelephonyAccount>>;

/** The channel, as the host uses it. */
export const telephonyPlugin: Plugin = {
  id: channelId,
  meta: {
    id: channelId,
    label: 'Telephony',
    selectionLabel: 'Telephony (SMS and MMS)',
    detailLabel: 'Telephony',
    docsPath: '/channels/telephony',
    docsLabel: 'telephony',
    blurb: 'Text your agent over Twilio, Telnyx or Plivo.',
    order: 90,
  },
  capabilities: {
    chatTypes: ['direct'],
    media: true,
    threads: false,
    reactions: false,
    edit: false,
    unsend: false,
    reply: false,
    effects: false,
    blockStreaming: false,
  },
  reload: { configPrefixes: [`channels.${channelId}`] },
  setupContract,
  setupWizard,
  config: configAdapter,
  messaging: messagingAdapter,
  message: messageAdapter,
  status: statusAdapter,
  doctor: doctorAdapter,
  secrets: { secretTargetRegistryEntries, collectRuntimeConfigAssignments },
  agentPrompt: {
    messageToolHints: () => [
      '',
      '### Text messages',
      'Answers leave as SMS: plain text without markup, as short as will do. Every 160 characters cost.',
    ],
  },
  gateway: {
    // The service owns the server; the account reports how it is.
    startAccount: (ctx) => reportStatus(ctx),
  },
  conversationBindings: { supportsCurrentConversationBinding: true },
  security: securityAdapter,
  outbound: outboundAdapter,
  pairing: {
    idLabel: 'phoneNumber',
    normalizeAllowEntry: toAllowEntry,
    async notifyApproval({ cfg, id, accountId }) {
      await runningAccount(accountId ?? defaultAccountOf(cfg))?.approvals.confirm(toNumber(id));
    },
  },
};
