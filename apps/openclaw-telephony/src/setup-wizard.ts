import type { ChannelPlugin } from 'openclaw/plugin-sdk/channel-core';
import { readAccount } from './account.ts';
import { channelId } from './channel-id.ts';
import { changeAccount } from './config-adapter.ts';
import { defaultAccountOf, isEnabled } from './section.ts';

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
    return { cfg: changeAccount(cfg, accountId, settings), accountId };
  },
  disable: (cfg) =>
    isEnabled(cfg, defaultAccountOf(cfg))
      ? changeAccount(cfg, defaultAccountOf(cfg), { enabled: false })
      : cfg,
};
