import { readAccount } from './account.ts';
import { channelId } from './channel-id.ts';
import { isCarrierName } from './credentials.data.ts';
import { isRecord, type JsonRecord, recordIn } from './record.ts';
import { defaultAccount, type HostConfig, sectionOf } from './section.ts';

/** What stands at the top for the account "default" alone: nobody inherits it. */
const ofDefault = new Set(['fromNumber', 'sender', 'name']);
const pools = new Set(['messagingServiceSid', 'powerpackUuid']);

/** The section without one account; `undefined` when that was all there is. What others inherit stays. */
export function withoutAccount(cfg: HostConfig, accountId: string): JsonRecord | undefined {
  const section = sectionOf(cfg);
  const { [accountId]: _gone, ...accounts } = recordIn(section, 'accounts');
  const others = Object.keys(accounts);
  const { accounts: _old, defaultAccount: meant, ...top } = section;
  const rest = {
    ...(others.length > 0 ? { accounts } : {}),
    ...(meant === undefined || meant === accountId ? {} : { defaultAccount: meant }),
  };
  if (accountId !== defaultAccount) return { ...top, ...rest };
  if (others.length === 0) return undefined;
  const left = { ...withoutSender(top), ...rest };
  const providerOf = (id: string) => readAccount({ channels: { [channelId]: left } }, id).provider;
  const used = new Set(others.map(providerOf));
  const isUsed = (key: string): boolean => !isCarrierName(key) || used.has(key);
  return Object.fromEntries(Object.entries(left).filter(([key]) => isUsed(key)));
}

function withoutSender(top: JsonRecord): JsonRecord {
  return Object.fromEntries(
    Object.entries(top).flatMap(([key, value]): [string, unknown][] => {
      if (ofDefault.has(key)) return [];
      if (!isCarrierName(key) || !isRecord(value)) return [[key, value]];
      const inner = Object.entries(value).filter(([name]) => !pools.has(name));
      return [[key, Object.fromEntries(inner)]];
    }),
  );
}
