import { fileOf } from './secret-files.ts';
import { filePaths } from './secret-paths.data.ts';
import { layered, type Settings, settingAt, settingsIn, withSetting } from './settings-tree.ts';

/** The account that the settings outside of `accounts` make. */
export const topAccountId = 'default';

/** What names one number, one webhook or another account belongs to the account that sets it, and goes to no other. */
const notInherited = [
  'enabled',
  'fromNumber',
  'sender',
  'outbound.failover',
  'twilio.messagingServiceSid',
  'plivo.powerpackUuid',
  'serve.path',
  'serve.statusPath',
  'serve.mediaPath',
];

/** One account as it was written, after it inherited; not checked yet. */
export interface WrittenAccount {
  readonly id: string;
  readonly settings: Settings;
  readonly isSwitchedOff: boolean;
  /** The `publicUrl` above has a path, so it is the URL of one webhook, and this account has none of its own. */
  readonly lacksPublicUrl: boolean;
  /** Settings that are the environment's, and the name of the variable. */
  readonly variables?: ReadonlyMap<string, string>;
}

/** The accounts of a configuration whose form is right, in the order in which they were written. */
export function writtenAccounts(config: Settings): readonly WrittenAccount[] {
  const entries = settingsIn(config, 'accounts');
  const top = withPlainTunnel(withPlainPolicy(outsideOfAccounts(config)));
  const ids = Object.keys(entries);
  if (!ids.includes(topAccountId) && (ids.length === 0 || namesSender(top)))
    ids.unshift(topAccountId);
  return ids.map((id) => {
    const entry = withPlainPolicy(settingsIn(entries, id));
    const isTop = id === topAccountId;
    return {
      id,
      settings: isTop ? overTop(top, entry) : inherit(id, top, entry),
      isSwitchedOff: entry['enabled'] === false,
      lacksPublicUrl: !isTop && hasPath(top['publicUrl']) && entry['publicUrl'] === undefined,
    };
  });
}

const outsideOfAccounts = (config: Settings): Settings =>
  withSetting(withSetting(config, ['accounts'], undefined), ['defaultAccount'], undefined);

/** Whether there is something that could send. A messaging profile sends for every number, and names none. */
const namesSender = (top: Settings): boolean =>
  ['fromNumber', 'twilio.messagingServiceSid', 'plivo.powerpackUuid'].some(
    (name) => settingAt(top, name.split('.')) !== undefined,
  );

function withPlainPolicy({ dmPolicy, ...settings }: Settings): Settings {
  return dmPolicy === undefined ? settings : { ...settings, inboundPolicy: dmPolicy };
}

/** `tailscale.mode` is another way to name the tunnel. */
function withPlainTunnel(top: Settings): Settings {
  const mode = settingAt(top, ['tailscale', 'mode']);
  if (mode !== 'serve' && mode !== 'funnel') return top;
  return withSetting(top, ['tunnel', 'provider'], `tailscale-${mode}`);
}

function inherit(id: string, top: Settings, entry: Settings): Settings {
  let lower = top;
  for (const name of notInherited) lower = withSetting(lower, name.split('.'), undefined);
  if (hasPath(top['publicUrl'])) lower = withSetting(lower, ['publicUrl'], undefined);
  const serve = {
    path: pathOf(top, 'path', id),
    statusPath: pathOf(top, 'statusPath', id),
    mediaPath: pathOf(top, 'mediaPath', id),
  };
  // An account that is written down is meant to run.
  return overTop(layered(lower, { enabled: true, serve }), entry);
}

/** A secret and the file of it are two ways to say one thing: the entry's way goes before the other. */
function overTop(top: Settings, entry: Settings): Settings {
  let lower = top;
  for (const name of filePaths) {
    const ways = [name.split('.'), fileOf(name.split('.'))];
    if (ways.every((path) => settingAt(entry, path) === undefined)) continue;
    for (const path of ways) lower = withSetting(lower, path, undefined);
  }
  return layered(lower, entry);
}

const hasPath = (url: unknown): boolean =>
  typeof url === 'string' && URL.canParse(url) && new URL(url).pathname !== '/';

const defaultPaths = {
  path: '/telephony/webhook',
  statusPath: '/telephony/status',
  mediaPath: '/telephony/media',
};

function pathOf(top: Settings, key: keyof typeof defaultPaths, id: string): string {
  const above = settingAt(top, ['serve', key]);
  return `${typeof above === 'string' ? above : defaultPaths[key]}/${id}`;
}
