import type { OutboundRequest } from '@openclaw/telephony-server';
import { createMemoryStore } from '@openclaw/telephony-store';
import { readAccount } from './account.ts';
import { register, type RunningAccount, unregister } from './running.ts';

/** What of an account a test looks at. */
export interface StandInOptions {
  readonly accountId?: string;
  readonly config?: object;
  readonly provider?: object;
  /** Told of each send, which the carrier takes at once. */
  readonly send?: (request: OutboundRequest) => void;
  readonly store?: RunningAccount['store'];
}

/** An account that is known to everything that sends, without a server behind it. */
export function standIn(options: StandInOptions = {}): {
  readonly account: RunningAccount;
  readonly forget: () => void;
} {
  const { accountId = 'default', send, store = createMemoryStore() } = options;
  const accepted = new Set<string>();
  const account: unknown = {
    accountId,
    account: { ...readAccount({}, accountId), enabled: true },
    config: { provider: 'mock', outbound: {}, ...options.config },
    provider: { id: 'mock', ...options.provider },
    store,
    lastFailure: () => undefined,
    awaited: { awaits: () => Promise.resolve(false), wrote: () => Promise.resolve() },
    server: {
      send(request: OutboundRequest) {
        const id = request.id ?? crypto.randomUUID();
        send?.(request);
        accepted.add(id);
        return Promise.resolve({ id, messageCount: 1, segmentCount: 1, duplicate: false });
      },
      sendProgress: (id: string) =>
        Promise.resolve(
          accepted.has(id) ? { messages: [{ state: 'accepted', messageId: id }] } : undefined,
        ),
    },
  };
  if (!isAccount(account)) throw new TypeError('no account');
  register(account);
  return { account, forget: () => unregister(account) };
}

/** The parts of an account that are asked in these tests, and no more of it. */
const isAccount = (part: unknown): part is RunningAccount =>
  typeof part === 'object' && part !== null && 'server' in part;
