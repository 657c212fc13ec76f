import type { ChannelPlugin } from 'openclaw/plugin-sdk/channel-core';
import { readAccount } from './account.ts';
import { channelId } from './channel-id.ts';
import { changeAccount } from './config-adapter.ts';
import { defaultAccountOf, sectionOf } from './section.ts';

/** `openclaw channels add` and onboarding, with questions. */
export const setupWizard: NonNullable<ChannelPlugin['setupWizard']> = {
  channel: channelId,
  getStatus: ({ cfg }) => {
    const account = readAccount(cfg);
    const line = account.configured
      ? `Telephony: ${account.provider ?? ''} ${account.fromNumber ?? ''}`
      : 'Telephony: not set up';
    return Promise.resolve({
      channel: channelId,
      configured: account.configured,
      statusLines: [line],
      selectionHint: account.configured ? 'configured' : 'SMS over Twilio, Telnyx or Plivo',
    });
  },
  async configure({ cfg, prompter, accountOverrides }) {
    const accountId = accountOverrides[channelId] ?? defaultAccountOf(cfg);
    const { runWizard } = await import('./wizard.ts');
    const settings = await runWizard(prompter, cfg, accountId);
    return {
      cfg: settings === undefined ? cfg : changeAccount(cfg, accountId, settings),
      accountId,
    };
  },
  // No account is named: the whole channel is meant.
  disable: (cfg) => ({
    ...cfg,
    channels: { ...cfg.channels, [channelId]: { ...sectionOf(cfg), enabled: false } },
  }),
};
