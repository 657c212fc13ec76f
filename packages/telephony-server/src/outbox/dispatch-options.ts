import type { MessagingProvider, TelephonyErrorCode } from '@openclaw/telephony-core';
import type { ConsentLedger } from '../consent/consent.ts';
import type { DeliveryTracker } from '../delivery/deliveries.ts';
import type { Logger } from '../observe/logger.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { Failover } from './failover.ts';
import type { OutboxItem } from './outbox-item.ts';
import type { Pacer } from './pacing.ts';
import type { QuietFor } from './quiet-hours.ts';
import type { SendLedger } from './send-progress.ts';
import type { WatchedCarrier } from './silent-carrier.ts';
import type { SpendLedger } from './spend.ts';
import type { UnknownSends } from './unknown-sends.ts';

/** A message that never left: the carrier refused it, or could not be reached for too long. */
export interface FailedSend {
  readonly sendId: string;
  readonly to: string;
  /** Which message of the send, from 0. Those behind it are not sent either. */
  readonly index: number;
  readonly code: TelephonyErrorCode;
  /** A sentence for the log, without a number or a text. */
  readonly reason: string;
  readonly correlationId: string;
}

/** What `createOutboxDispatch` takes. */
export interface OutboxDispatchOptions {
  readonly messaging: MessagingProvider;
  readonly sends: SendLedger;
  readonly spend: Pick<SpendLedger, 'add'>;
  readonly unknownSends: UnknownSends;
  readonly deliveries: DeliveryTracker;
  readonly consent: ConsentLedger;
  readonly pacer: Pacer;
  /** Without it, no hour is quiet. */
  readonly quietFor?: QuietFor;
  /** Told of each message that the carrier has, so that its end is asked for when nobody tells it. */
  readonly onAccepted?: (messageId: string) => Promise<void>;
  readonly now: () => Date;
  readonly logger: Logger;
  readonly metrics?: Metrics;
  /** From 0 to below 1. */
  readonly random: () => number;
  /** Aborted when the server closes: waiting messages go back to the outbox. */
  readonly closing: AbortSignal;
  /** Where the carrier reports to; the reference of the message is appended to its path. */
  readonly statusUrl?: URL;
  /** The ledger of another account, for what is sent on behalf of it. */
  readonly consentOf?: (accountId: string) => Pick<ConsentLedger, 'blocks'>;
  /** Default: what cannot leave from here does not leave. */
  readonly failover?: Failover;
  /** What a stand-in is told who we are; default `default`. */
  readonly accountId?: string;
  /** How long a message is tried that was surely not sent, from its first failure on; default 24 hours. */
  readonly tryForMs?: number;
  /** Told of each message that is not sent, after that is written down; must not throw. */
  readonly onGivenUp?: (failed: FailedSend) => void;
}

/** With the carrier under watch. */
export type WatchedOptions = OutboxDispatchOptions & WatchedCarrier;

/** One message of a send, and the try that comes now. */
export interface Dispatch {
  readonly id: string;
  readonly index: number;
  readonly item: OutboxItem;
  readonly attempts: number;
  /** When the first try failed; absent while none has. */
  readonly failingSince: string | undefined;
  /** What every line of the log about it says. */
  readonly about: { readonly sendId: string; readonly correlationId: string };
}

/** What became of a send: its next message may follow, or another account has all of them. */
export type Went = 'handed-over' | undefined;
