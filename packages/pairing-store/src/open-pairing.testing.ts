import { createMemoryStore, type KeyValueStore } from '@openclaw/telephony-store';
import {
  createPairingStore,
  type PairingStore,
  type PairingStoreOptions,
} from './pairing-store.ts';

export const ann = '+15550100001';
export const ben = '+15550100002';
export const cleo = '+15550100003';
export const dan = '+15550100004';
export const minuteMs = 60_000;

interface Opened {
  readonly pairing: PairingStore;
  readonly keyValue: KeyValueStore;
  readonly advance: (ms: number) => void;
}

/** A pairing store on memory, and the clock of both. */
export function open(options: Partial<PairingStoreOptions> = {}): Opened {
  let atMs = Date.UTC(2026, 0, 1);
  const now = (): Date => new Date(atMs);
  const { keyValue } =
    options.keyValue === undefined ? createMemoryStore({ now }) : { keyValue: options.keyValue };
  return {
    keyValue,
    pairing: createPairingStore({ now, ...options, keyValue }),
    advance: (ms) => {
      atMs += ms;
    },
  };
}

export async function codeFor(pairing: PairingStore, sender: string): Promise<string> {
  const asked = await pairing.request(sender);
  return 'code' in asked ? asked.code : `no code: ${asked.status}`;
}
