import type { ChannelPlugin } from 'openclaw/plugin-sdk/channel-core';
import { readAccount } from './account.ts';
import { accountIds } from './section.ts';
import { shortcomingsOf, warningsOf } from './warnings.ts';

/** What `openclaw doctor` says of our settings, without asking anybody. */
export const doctorAdapter: NonNullable<ChannelPlugin['doctor']> = {
  dmAllowFromMode: 'topOnly',
  collectPreviewWarnings: ({ cfg }) =>
    accountIds(cfg).flatMap((id) => {
      const account = readAccount(cfg, id);
      return warningsOf(account).concat(shortcomingsOf(account));
    }),
};
