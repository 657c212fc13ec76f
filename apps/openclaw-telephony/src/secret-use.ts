import { readAccount } from './account.ts';
import { credentials } from './credentials.data.ts';
import { recordIn } from './record.ts';
import { accountIds, type HostConfig, sectionOf } from './section.ts';

/** Where a secret stands: at the top, or in the entry of an account. */
export interface SecretPlace {
  readonly accountId?: string;
  /** `twilio`, … or `tunnel`. */
  readonly section: string;
  readonly key: string;
}

/**
 * Whether an account that is not switched off needs the secret of this place. The gateway resolves only references that
 * are in use; the others stay as they are, and must not stop anybody.
 */
export function isSecretUsed(cfg: HostConfig, { accountId, section, key }: SecretPlace): boolean {
  const entries = recordIn(sectionOf(cfg), 'accounts');
  return accountIds(cfg).some((id) => {
    const entry = recordIn(entries, id);
    if (entry['enabled'] === false) return false;
    const { provider, tunnel } = readAccount(cfg, id);
    if (section === 'tunnel' ? tunnel !== 'ngrok' : provider !== section) return false;
    if (accountId !== undefined) return accountId === id;
    const own = recordIn(entry, section);
    return waysOf(section, key).every((way) => own[way] === undefined);
  });
}

/** The settings that give one secret: itself, and the one that names its file. */
function waysOf(section: string, key: string): readonly string[] {
  const known = Object.entries(credentials).find(([carrier]) => carrier === section)?.[1] ?? [];
  const file = known.find((one) => one.key === key)?.file;
  return file === undefined ? [key] : [key, file];
}
