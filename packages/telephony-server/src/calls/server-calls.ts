import type { KeyValueStore } from '@openclaw/telephony-store';
import { accountRecords } from '../records/account-records.ts';
import { type CallRecord, createCallLedger } from './call-record.ts';
import { type Calls, createCalls } from './calls.ts';
import type { ConsentLedger } from '../consent/consent.ts';
import { callLimits, greetingLimits } from '../derived-settings.ts';
import type { Logger } from '../observe/logger.ts';
import type { QuietFor } from '../outbox/quiet-hours.ts';
import type { RecipientPolicy } from '../outbox/recipients.ts';
import type { TelephonyServerOptions } from '../server-types.ts';
import { createSpendLedger, type SpendLedger, type SpendLimits } from '../outbox/spend.ts';

/** Composes the calls of a server: their records, and limits that are apart from those of texts. */
export function createServerCalls(
  { provider, publicUrl, access, sender, voice }: TelephonyServerOptions,
  parts: {
    /** Of the account. */
    readonly keyValue: KeyValueStore;
    readonly recipients: RecipientPolicy;
    readonly consent: ConsentLedger;
    readonly statusPath: string;
    readonly quietFor: QuietFor | undefined;
    readonly now: () => Date;
    readonly closing: AbortSignal;
    readonly logger: Logger;
  },
): {
  readonly calls: Calls;
  /** A call of ours, by the id that it was asked for with or by the carrier's. */
  readonly callRecord: (id: string) => Promise<CallRecord | undefined>;
} {
  const { keyValue, statusPath, now } = parts;
  const ledger = createCallLedger(keyValue);
  const limited = (name: string, limits: SpendLimits): SpendLedger =>
    createSpendLedger({ keyValue: accountRecords(keyValue, name), now, limits });
  return {
    calls: createCalls({
      ...parts,
      voice: provider.voice,
      settings: voice,
      sender,
      statusUrl: publicUrl === undefined ? undefined : new URL(statusPath, publicUrl),
      acknowledgement: provider.webhooks.acknowledgement,
      access,
      spend: limited('calls', callLimits(voice)),
      greetings: limited('greetings', greetingLimits(voice)),
      ledger,
    }),
    async callRecord(id) {
      const record = await ledger.get(id);
      if (record !== undefined) return record;
      const ours = await ledger.idOf({ providerId: provider.id, callId: id });
      return ours === undefined ? undefined : ledger.get(ours);
    },
  };
}
