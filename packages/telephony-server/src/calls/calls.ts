import {
  type CallEvent,
  type CallInstruction,
  type CallRef,
  type E164,
  isE164,
  redactAddress,
  type Sender,
  TelephonyError,
  type TelephonyErrorCode,
  type VoiceProvider,
  type WebhookReply,
} from '@openclaw/telephony-core';
import type { AccessControl } from '../inbox/access.ts';
import type { CallLedger, CallRecord } from './call-record.ts';
import type { ConsentLedger } from '../consent/consent.ts';
import { correlationIdOf } from '../observe/correlation.ts';
import { keepTrying } from '../retry/keep-trying.ts';
import { type Logger, reasonOf } from '../observe/logger.ts';
import type { QuietFor } from '../outbox/quiet-hours.ts';
import type { RecipientPolicy, SendPurpose } from '../outbox/recipients.ts';
import { assertSendId } from '../outbox/send-id.ts';
import type { SpendLedger } from '../outbox/spend.ts';

/** How the number takes and makes calls. */
export interface VoiceOptions {
  /** The longest that a call of ours may last, in seconds; default 300. */
  readonly maxDurationSeconds?: number;
  /** What somebody hears who calls and was let in; default: that texts are read here. */
  readonly inboundGreeting?: string;
  /** Calls that may be placed in an hour; default 20. */
  readonly maxPerHour?: number;
  /** Calls that may be placed in a day; default 100. */
  readonly maxPerDay?: number;
  /** Calls that are answered with the greeting in an hour, each of which may cost; the rest is declined; default 60. */
  readonly maxGreetingsPerHour?: number;
}

/** A call asked for by a person or a program. */
export interface CallRequest {
  readonly to: E164;
  /** What is read to whoever picks up; default: that this is an automated call. */
  readonly message?: string;
  /** Default `agent`, which may call only those who were let in. */
  readonly purpose?: Exclude<SendPurpose, 'reply' | 'notice'>;
  /** Placing a call of the same id again places nothing; default: a new one. */
  readonly id?: string;
}

/** A call that was asked for. */
export interface PlacedCall {
  readonly id: string;
  /** `placed`, or where a call of this id has come: after `failed`, only another id calls that person. */
  readonly state: CallRecord['state'];
  /** The carrier's id; absent when its answer was lost before. */
  readonly callId?: string;
  /** True when this id was used before; nothing was dialled. */
  readonly duplicate: boolean;
}

/** Takes and makes calls. */
export interface Calls {
  /** What the carrier is told about a call. `ref` is the last part of the URL that the event came to. */
  answer(event: CallEvent, ref?: string): Promise<WebhookReply>;
  place(request: CallRequest & { readonly id: string }): Promise<PlacedCall>;
}

/** What {@link createCalls} takes. */
export interface CallsOptions {
  /** Absent: the carrier's calls are not taken part in. */
  readonly voice: VoiceProvider | undefined;
  /** Absent: every caller is declined, and nobody is called. */
  readonly settings: VoiceOptions | undefined;
  readonly sender: Sender;
  /** Where the carrier reports to; the call's reference is appended to its path. */
  readonly statusUrl: URL | undefined;
  readonly acknowledgement: WebhookReply;
  readonly access: AccessControl;
  readonly recipients: RecipientPolicy;
  readonly consent: ConsentLedger;
  readonly spend: SpendLedger;
  /** Counts the greetings. */
  readonly greetings: SpendLedger;
  readonly ledger: CallLedger;
  /** Without it, no hour is quiet. */
  readonly quietFor: QuietFor | undefined;
  readonly now: () => Date;
  readonly closing: AbortSignal;
  readonly logger: Logger;
}

const defaultGreeting = 'Hello. This number reads texts. Please send one. Goodbye.';
const defaultMessage = 'Hello. This is an automated call. Goodbye.';

/**
 * Makes the calls of one number: declined or greeted when they come in, bounded when they go out.
 *
 * @throws {RangeError} for a length or a limit that is no whole number from 1 up
 */
export function createCalls(options: CallsOptions): Calls {
  const { voice, settings, access, consent, ledger, logger } = options;
  assertVoiceOptions(settings);

  /** Why somebody who calls is not greeted; `undefined` when they are. */
  async function refusalOf({ callId }: CallRef, from: string): Promise<string | undefined> {
    if (settings === undefined) return 'calls are off';
    if (!isE164(from) || !(await access.admits(from))) return 'not let in';
    try {
      await options.greetings.reserve(callId, oneCall);
      return undefined;
    } catch (error) {
      if (TelephonyError.isInstance(error) && error.code === 'limit_reached') {
        return 'too many calls in this hour';
      }
      throw error;
    }
  }

  async function instructions(event: CallEvent, ref?: string): Promise<readonly CallInstruction[]> {
    if (event.type === 'call.incoming') {
      const { from } = event;
      const because = await refusalOf(event.call, from);
      logger.info(
        {
          correlationId: correlationIdOf(event.call.callId),
          from: redactAddress(from),
          ...(because === undefined ? {} : { because }),
        },
        because === undefined ? 'call greeted' : 'call declined',
      );
      if (because !== undefined) return [{ do: 'reject' }];
      return spoken(settings?.inboundGreeting ?? defaultGreeting);
    }
    const id = idIn(ref) ?? (await ledger.idOf(event.call));
    if (id === undefined) return [];
    if (event.type === 'call.answered') {
      await ledger.move(id, { state: 'answered', callId: event.call.callId });
      return spoken((await ledger.get(id))?.message ?? defaultMessage);
    }
    if (event.type === 'call.ended') {
      await ledger.move(id, { state: 'ended', reason: event.reason, callId: event.call.callId });
      logger.info({ correlationId: correlationIdOf(id), reason: event.reason }, 'call ended');
    }
    return [];
  }

  return {
    async answer(event, ref) {
      if (voice === undefined) return options.acknowledgement;
      return voice.respond(event, await instructions(event, ref));
    },
    async place({ id, to, message = defaultMessage, purpose = 'agent' }) {
      const { dial, answerUrl, from } = line(options, id);
      const before = await ledger.get(id);
      if (before !== undefined) return { id, ...stateIn(before), duplicate: true };
      // Whatever a program without types passes: a call answers nobody.
      const asker = purpose === 'operator' ? 'operator' : 'agent';
      await options.recipients.check(to, asker);
      if (await consent.blocks(to)) {
        throw refuse(
          'recipient_opted_out',
          `${redactAddress(to)} asked not to be contacted; only their own START lifts it`,
        );
      }
      if (asker === 'agent') assertAwake(options);
      await options.spend.reserve(id, oneCall).catch(ofCalls);
      if (!(await ledger.begin(id, message))) {
        // Somebody else was faster by a moment.
        const other = await ledger.get(id);
        return { id, state: 'dialling', ...(other && stateIn(other)), duplicate: true };
      }
      const about = { correlationId: correlationIdOf(id), to: redactAddress(to) };
      /** A call that cannot be written down exists all the same: whoever asked for it must not ask again. */
      const note = async (change: Parameters<CallLedger['move']>[1]): Promise<void> => {
        const unwritten = (error: unknown): void =>
          logger.error({ ...about, ...change, why: reasonOf(error) }, 'call not written down');
        await keepTrying(() => ledger.move(id, change), options.closing, unwritten).catch(
          unwritten,
        );
      };
      let placed: Awaited<ReturnType<VoiceProvider['placeCall']>>;
      try {
        placed = await dial.placeCall({
          to,
          from,
          answerUrl,
          statusCallback: answerUrl,
          maxDurationSeconds: settings?.maxDurationSeconds ?? 300,
        });
      } catch (error) {
        const surelyNot = TelephonyError.isInstance(error) && error.outcome === 'not-performed';
        await note({ state: surelyNot ? 'failed' : 'unknown' });
        throw error;
      }
      const { callId } = placed.call;
      // First the log: when the store fails now, it is the only place that knows the carrier's id.
      logger.info({ ...about, callId }, 'call placed');
      await note({ state: 'placed', callId });
      for (const { feature, type } of placed.warnings) {
        logger.warn({ ...about, feature, kind: type }, 'called, but not quite as asked');
      }
      return { id, state: 'placed', callId, duplicate: false };
    },
  };
}

const oneCall = { messageCount: 1, segmentCount: 1 };

function assertVoiceOptions(settings: VoiceOptions = {}): void {
  const {
    maxDurationSeconds = 1,
    maxPerHour = 1,
    maxPerDay = 1,
    maxGreetingsPerHour = 1,
  } = settings;
  const limits = { maxDurationSeconds, maxPerHour, maxPerDay, maxGreetingsPerHour };
  for (const [name, value] of Object.entries(limits)) {
    if (!Number.isInteger(value) || value < 1) {
      throw new RangeError(`voice.${name} must be a whole number from 1 up`);
    }
  }
}

/** A call cannot wait in the store until the morning, as a text does: software is told when to come again. */
function assertAwake({ quietFor, now }: CallsOptions): void {
  const quietMs = quietFor?.(now()) ?? 0;
  if (quietMs === 0) return;
  throw new TelephonyError('limit_reached', 'nobody is called in the quiet hours by software', {
    outcome: 'not-performed',
    retryAfterMs: quietMs,
  });
}

const stateIn = ({ state, callId }: CallRecord): Pick<PlacedCall, 'state' | 'callId'> => ({
  state,
  ...(callId === undefined ? {} : { callId }),
});

const spoken = (text: string): readonly CallInstruction[] => [
  { do: 'say', text },
  { do: 'hang-up' },
];

/** What a call needs, or what has to be set before one can be made. */
function line(
  { voice, settings, sender, statusUrl }: CallsOptions,
  id: string,
): { readonly dial: VoiceProvider; readonly answerUrl: URL; readonly from: E164 } {
  assertSendId(id);
  if (settings === undefined) {
    throw refuse('unsupported', 'calls are off: set voice.enabled to make them');
  }
  if (voice === undefined) {
    throw refuse('unsupported', 'the provider cannot make calls as it is configured');
  }
  if (statusUrl === undefined) {
    throw refuse('invalid_request', 'a call needs publicUrl: the carrier asks there what to say');
  }
  const from = sender.kind === 'number' ? sender.address : '';
  if (!isE164(from)) {
    throw refuse(
      'invalid_request',
      'a call needs fromNumber, a number with its country code, and sender: "number" where a pool sends texts',
    );
  }
  return { dial: voice, from, answerUrl: new URL(`${statusUrl.href}/${callRef(id)}`) };
}

/** The ledger speaks of messages, and here each of them is a call. */
function ofCalls(error: unknown): never {
  if (!TelephonyError.isInstance(error) || error.code !== 'limit_reached') throw error;
  const { retryAfterMs } = error;
  throw new TelephonyError(
    'limit_reached',
    'the limit of calls an hour or a day is reached; it keeps a program from dialling without end',
    { outcome: 'not-performed', ...(retryAfterMs === undefined ? {} : { retryAfterMs }) },
  );
}

/** How a status URL names a call, in the form in which it names a message: the id, and what it is of. */
const callRef = (id: string): string => `${Buffer.from(id).toString('base64url')}.call`;

function idIn(ref: string | undefined): string | undefined {
  const encoded = /^([\w-]+)\.call$/u.exec(ref ?? '')?.[1];
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64url').toString();
}

const refuse = (code: TelephonyErrorCode, message: string): TelephonyError =>
  new TelephonyError(code, message, { outcome: 'not-performed' });
