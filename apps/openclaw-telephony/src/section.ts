import { channelId } from './channel-id.ts';
import { isRecord, type JsonRecord, recordIn, textIn } from './record.ts';

/** A host's configuration, as far as this plugin reads it. */
export interface HostConfig {
  readonly channels?: object | undefined;
}

/** The account that the top level of the section describes. */
export const defaultAccount = 'default';

/** What stands under `channels.telephony`. */
export function sectionOf(cfg: HostConfig | undefined): JsonRecord {
  const channels: unknown = cfg?.channels;
  return isRecord(channels) ? recordIn(channels, channelId) : {};
}

/** The accounts that are configured: `default` for the top level, unless it names no sender beside others. */
export function accountIds(cfg: HostConfig | undefined): string[] {
  const section = sectionOf(cfg);
  const named = Object.keys(recordIn(section, 'accounts'));
  const hasDefault = named.length === 0 ? Object.keys(section).length > 0 : namesSender(section);
  return hasDefault && !named.includes(defaultAccount) ? [defaultAccount, ...named] : named;
}

/** The account that is meant when none is named. */
export function defaultAccountOf(cfg: HostConfig | undefined): string {
  const ids = accountIds(cfg);
  const chosen = textIn(sectionOf(cfg), 'defaultAccount');
  if (chosen !== undefined && ids.includes(chosen)) return chosen;
  return ids.includes(defaultAccount) ? defaultAccount : (ids[0] ?? defaultAccount);
}

/** What the host alone reads. */
const hostKeys = new Set(['name', 'configWrites']);

/** An entry without what means nothing to a telephone number. */
export function withoutHostKeys(entry: JsonRecord): JsonRecord {
  return Object.fromEntries(Object.entries(entry).filter(([key]) => !hostKeys.has(key)));
}

/** What names one number or one webhook belongs to the account that sets it, as in `@openclaw/telephony-config`. */
const own = new Set(['accounts', 'defaultAccount', 'enabled', 'fromNumber', 'sender', 'name']);
const ownIn = new Map([
  ['twilio', 'messagingServiceSid'],
  ['plivo', 'powerpackUuid'],
]);

/** The settings of one account: its own, over those of the top level, a section at a time. */
export function settingsOf(cfg: HostConfig | undefined, accountId: string): JsonRecord {
  const section = withPlainPolicy(sectionOf(cfg));
  const entry = withPlainPolicy(recordIn(recordIn(section, 'accounts'), accountId));
  const isTop = accountId === defaultAccount;
  const merged: { [key: string]: unknown } = {};
  for (const [key, value] of Object.entries(section)) {
    if (isTop) merged[key] = value;
    else if (!own.has(key) && !isOneWebhook(key, value)) merged[key] = inherited(key, value);
  }
  for (const [key, value] of Object.entries(entry)) {
    const below = merged[key];
    merged[key] = isRecord(value) && isRecord(below) ? { ...below, ...value } : value;
  }
  const serve = recordIn(section, 'serve');
  if (!isTop) {
    const paths = {
      path: `${textIn(serve, 'path') ?? '/telephony/webhook'}/${accountId}`,
      statusPath: `${textIn(serve, 'statusPath') ?? '/telephony/status'}/${accountId}`,
    };
    merged['serve'] = { ...serve, ...paths, ...recordIn(entry, 'serve') };
  }
  return merged;
}

/** One name for one setting, before it is inherited: else the name that is not looked at would be overruled. */
function withPlainPolicy({ dmPolicy, ...settings }: JsonRecord): JsonRecord {
  return dmPolicy === undefined ? settings : { ...settings, inboundPolicy: dmPolicy };
}

function inherited(key: string, value: unknown): unknown {
  const left = ownIn.get(key);
  if (left === undefined || !isRecord(value)) return value;
  const { [left]: _own, ...rest } = value;
  return rest;
}

/** An address with a path is that of one account's webhook. */
const isOneWebhook = (key: string, value: unknown): boolean =>
  key === 'publicUrl' &&
  typeof value === 'string' &&
  URL.canParse(value) &&
  new URL(value).pathname !== '/';

/** Whether the channel as a whole is switched on, and this account is not switched off. */
export function isEnabled(cfg: HostConfig | undefined, accountId: string): boolean {
  const section = sectionOf(cfg);
  const entry = recordIn(recordIn(section, 'accounts'), accountId);
  return section['enabled'] === true && entry['enabled'] !== false;
}

const namesSender = (section: JsonRecord): boolean =>
  section['fromNumber'] !== undefined ||
  recordIn(section, 'twilio')['messagingServiceSid'] !== undefined ||
  recordIn(section, 'plivo')['powerpackUuid'] !== undefined;
