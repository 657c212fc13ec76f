import {
  collectNestedChannelFieldAssignments,
  createChannelSecretTargetRegistryEntries,
  getChannelSurface,
} from 'openclaw/plugin-sdk/channel-secret-basic-runtime';
import { channelId } from './channel-id.ts';
import { credentials } from './credentials.data.ts';
import { isRecord } from './record.ts';
import { isSecretUsed } from './secret-use.ts';

// The host finds this file by its name, before the plugin is loaded, and resolves SecretRefs with it.

const secrets = [
  ...Object.entries(credentials).flatMap(([section, known]) =>
    known.flatMap(({ key, secret }) => (secret ? [{ section, key }] : [])),
  ),
  { section: 'tunnel', key: 'ngrokAuthToken' },
];
const paths = secrets.map(({ section, key }) => `${section}.${key}`);

/** Where secrets stand in the configuration. */
export const secretTargetRegistryEntries = createChannelSecretTargetRegistryEntries({
  channelKey: channelId,
  channel: paths,
  account: paths,
});

type Collected = Parameters<typeof collectNestedChannelFieldAssignments>[0];

/** Which of them are in use now, so that only those must resolve. */
export function collectRuntimeConfigAssignments({
  config,
  defaults,
  context,
}: {
  readonly config: Parameters<typeof getChannelSurface>[0];
  readonly defaults?: Collected['defaults'];
  readonly context: Collected['context'];
}): void {
  const found = getChannelSurface(config, channelId);
  if (found === null) return;
  const { channel, surface } = found;
  for (const { section, key } of secrets) {
    if (!isRecord(channel[section]) && !surface.accounts.some(({ account }) => section in account))
      continue;
    // The same question as when the configuration is read: what is in use must have been resolved.
    const isUsed = (accountId?: string): boolean =>
      isSecretUsed(config, { section, key, ...(accountId === undefined ? {} : { accountId }) });
    collectNestedChannelFieldAssignments({
      channelKey: channelId,
      nestedKey: section,
      field: key,
      channel,
      surface,
      defaults,
      context,
      topLevelActive: surface.channelEnabled && isUsed(),
      topInactiveReason: 'the account is disabled, or another carrier is chosen',
      accountActive: ({ enabled, accountId }) => enabled && isUsed(accountId),
      accountInactiveReason: 'the account is disabled, or another carrier is chosen',
    });
  }
}
