import type { ChannelPlugin } from 'openclaw/plugin-sdk/channel-core';
import { readAccount } from './account.ts';
import { changeAccount } from './config-adapter.ts';
import { type CarrierName, isCarrierName } from './credentials.data.ts';
import { toNumber } from './phone.ts';
import type { HostConfig } from './section.ts';
import { setupFields } from './setup-fields.data.ts';
import { readSetupInput } from './setup-input.ts';
import { settingsFrom, type SetupInput } from './setup-settings.ts';

/**
 * `openclaw channels add telephony …`, without any question. It is the object that the SDK's `defineChannelSetupContract`
 * makes, without loading the host's command line for it.
 */
export const setupContract: NonNullable<ChannelPlugin['setupContract']> = {
  kind: 'channel-owned',
  metadata: {
    fields: Object.entries(setupFields).map(([key, field]) => Object.assign({ key }, field)),
  },
  parseInput: readSetupInput,
  // The host asks this first, and the other judges what it gives back. Here the whole can be looked at: the library
  // that knows what may stand together is not loaded by every command.
  async prepareAccountConfigInput({ cfg, accountId, input }) {
    const read = readSetupInput(input);
    if (!read.ok) throw new Error(read.error);
    const { value } = read;
    if (problemOf(cfg, accountId, value) !== null) return value;
    const settings = settingsFrom(carrierOf(cfg, accountId, value), value);
    const { draftProblems } = await import('./draft-config.ts');
    const problems = draftProblems(cfg, changeAccount(cfg, accountId, settings), accountId);
    // What is missing may come with the next command, or with the environment of the gateway.
    const wrong = problems.filter((line) => !line.includes(' is missing'));
    if (wrong.length > 0) throw new Error(wrong.join('; '));
    return value;
  },
  validateInput({ cfg, accountId, input }) {
    const read = readSetupInput(input);
    return read.ok ? problemOf(cfg, accountId, read.value) : read.error;
  },
  applyAccountConfig({ cfg, accountId, input }) {
    const read = readSetupInput(input);
    if (!read.ok) throw new Error(read.error);
    const settings = settingsFrom(carrierOf(cfg, accountId, read.value), read.value);
    return changeAccount(cfg, accountId, settings);
  },
};

function carrierOf(
  cfg: HostConfig,
  accountId: string,
  { provider }: SetupInput,
): CarrierName | undefined {
  return isCarrierName(provider) ? provider : readAccount(cfg, accountId).provider;
}

function problemOf(cfg: HostConfig, accountId: string, input: SetupInput): string | null {
  const carrier = carrierOf(cfg, accountId, input);
  if (carrier === undefined) {
    return 'which carrier? Give --provider twilio, telnyx, plivo or mock';
  }
  const { fromNumber, authToken, authId, apiKey, accountSid, inboundPolicy, allowFrom } = input;
  if (fromNumber !== undefined && toNumber(fromNumber) === '') {
    return '--from-number must be a number as +15550100100';
  }
  if (accountSid !== undefined && !accountSid.startsWith('AC')) {
    return '--account-sid must begin with AC';
  }
  if (authToken !== undefined && carrier !== 'twilio' && carrier !== 'plivo') {
    return `--auth-token belongs to Twilio and Plivo, not to ${carrier}`;
  }
  if (authId !== undefined && carrier !== 'plivo') return '--auth-id belongs to Plivo';
  if (apiKey !== undefined && carrier !== 'telnyx') return '--api-key belongs to Telnyx';
  if (inboundPolicy === 'open' && allowFrom?.includes('*') !== true) {
    return '--inbound-policy open needs --allow-from "*": anybody may then use the agent';
  }
  return null;
}
