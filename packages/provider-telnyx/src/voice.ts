import { createHash } from 'node:crypto';
import {
  type CallEvent,
  type CallOptions,
  isE164,
  isJsonObject,
  type JsonObject,
  objectIn,
  type OutboundCall,
  type ProviderWarning,
  TelephonyError,
  type TelephonyErrorCode,
  textIn,
  type VoiceCapabilities,
  type VoiceProvider,
  type WebhookReply,
} from '@openclaw/telephony-core';
import {
  type CallCommand,
  decodeMemory,
  isLasting,
  toCommands,
  toRequestBody,
} from './call-commands.ts';
import { refuse, telnyxProviderId } from './errors.ts';
import { dataOf, malformed, type RestClient } from './rest-client.ts';

/** What Telnyx can do with calls, as far as this version does it. */
const voiceCapabilities = {
  midCallUpdate: true,
  gather: ['digits'],
  mediaStream: false,
  answeringMachineDetection: false,
  callLookup: true,
} as const satisfies VoiceCapabilities;

/** What {@link createTelnyxVoice} takes. */
export interface TelnyxVoiceOptions {
  readonly rest: RestClient;
  /** Without one calls are only taken, or declined. */
  readonly connectionId: string | undefined;
}

/** Telnyx lets a call last at least so many seconds, and at most four hours. */
const shortestLimitSeconds = 30;
const longestLimitSeconds = 14_400;

/**
 * Calls. A command ends when a webhook says so, so what is still to be done travels with the call: Telnyx repeats it in
 * every webhook (`client_state`), and nothing has to be remembered here.
 */
export function createTelnyxVoice({
  rest,
  connectionId,
}: TelnyxVoiceOptions): Required<Omit<VoiceProvider, 'mediaStream'>> {
  async function command(
    callId: string,
    { action }: CallCommand,
    json: JsonObject,
    options?: CallOptions,
  ): Promise<void> {
    const path = `/calls/${encodeURIComponent(callId)}/actions/${action}`;
    await rest({ method: 'POST', path, json }, options);
  }

  /** Gives commands up to and including the first one that lasts. */
  async function run(
    callId: string,
    commands: readonly CallCommand[],
    key: string,
    options?: CallOptions,
  ): Promise<void> {
    for (const [index, one] of commands.entries()) {
      // The same webhook twice makes the same command twice, and Telnyx ignores the second.
      const json = toRequestBody(one, commands.slice(index + 1), commandId(key, index));
      await command(callId, one, json, options);
      if (isLasting(one)) return;
    }
  }

  return {
    capabilities: voiceCapabilities,
    async placeCall(call, options) {
      if (connectionId === undefined) {
        throw refuse('unsupported', 'a call at Telnyx needs a connection: set connectionId');
      }
      const { json, warnings } = toCallParameters(call, connectionId);
      const data = dataOf(await rest({ method: 'POST', path: '/calls', json }, options), true);
      const callId = textIn(data, 'call_control_id');
      if (callId === undefined) throw malformed('the id of the call', true);
      return { call: { providerId: telnyxProviderId, callId }, warnings };
    },
    async respond(event, instructions, options) {
      const { call, dedupeKey, type } = event;
      const commands =
        instructions.length > 0 ? toCommands(instructions) : (memoryOf(event)?.rest ?? []);
      const [first] = commands;
      const done: WebhookReply = { status: 200 };
      if (type === 'call.ended' || first === undefined) return done;
      const declines = first.action === 'reject' || first.action === 'hangup';
      const answer = { action: 'answer', body: {} };
      try {
        await (type === 'call.incoming' && !declines
          ? command(
              call.callId,
              answer,
              toRequestBody(answer, commands, commandId(dedupeKey, 0)),
              options,
            )
          : run(call.callId, commands, dedupeKey, options));
      } catch (error) {
        // Whoever hung up meanwhile, also in the middle of a word, has heard the last of it.
        if (hasEnded(error)) return done;
        // What is refused once is refused again, and the line would stay open, and cost, until somebody hangs up.
        if (isRefused(error) && !declines) {
          await command(call.callId, { action: 'hangup', body: {} }, {}, options).catch(
            () => undefined,
          );
        }
        throw error;
      }
      return done;
    },
    async hangUp({ callId }, options) {
      try {
        await command(callId, { action: 'hangup', body: {} }, {}, options);
      } catch (error) {
        if (!isOver(error)) throw error;
      }
    },
    update: ({ callId }, instructions, options) =>
      run(callId, toCommands(instructions), `${callId} ${JSON.stringify(instructions)}`, options),
    async getCall({ callId }, options) {
      const path = `/calls/${encodeURIComponent(callId)}`;
      const data = dataOf(await rest({ method: 'GET', path }, options), false);
      return { ended: data['is_alive'] !== true, raw: data };
    },
  };
}

/** What our own commands left in the call. The event is verified, and only our API key can put anything there. */
function memoryOf({ raw }: CallEvent): ReturnType<typeof decodeMemory> {
  const payload = objectIn(objectIn(isJsonObject(raw) ? raw : {}, 'data'), 'payload');
  return decodeMemory(textIn(payload, 'client_state'));
}

const commandId = (key: string, index: number): string =>
  createHash('sha256').update(`${key} ${index}`).digest('hex').slice(0, 36);

/** Telnyx says that the call has ended already, or has forgotten it. */
const hasEnded = (error: unknown): boolean =>
  TelephonyError.isInstance(error) &&
  (error.code === 'not_found' || error.providerCode === '90018');

/** Telnyx did not do it, and will not do it when it is asked again. */
const isRefused = (error: unknown): boolean =>
  TelephonyError.isInstance(error) && error.outcome === 'not-performed' && !passing.has(error.code);

const passing: ReadonlySet<TelephonyErrorCode> = new Set([
  'rate_limited',
  'provider_unavailable',
  'network',
]);

/** Then there is nothing to hang up. A 422 with a number of its own says what else is wrong. */
const isOver = (error: unknown): boolean =>
  hasEnded(error) ||
  (TelephonyError.isInstance(error) &&
    error.httpStatus === 422 &&
    error.providerCode === undefined);

function toCallParameters(
  call: OutboundCall,
  connectionId: string,
): { readonly json: JsonObject; readonly warnings: readonly ProviderWarning[] } {
  const { to, from, answerUrl, statusCallback, ringTimeoutSeconds, maxDurationSeconds } = call;
  if (!isE164(to)) throw refuse('invalid_recipient', '`to` is not one E.164 number');
  if (!isE164(from)) throw refuse('sender_not_allowed', '`from` is not one E.164 number');
  const warnings: ProviderWarning[] = [];
  const left = (feature: string, detail: string): void => {
    warnings.push({ type: 'unsupported', feature, detail });
  };
  if (statusCallback !== undefined && statusCallback.href !== answerUrl.href) {
    left('statusCallback', 'Telnyx reports to the address that steers the call');
  }
  if (call.detectMachine === true) left('detectMachine', 'not asked for in this version');
  for (const name of Object.keys(call.providerOptions?.[telnyxProviderId] ?? {})) {
    left(`providerOptions.${telnyxProviderId}.${name}`, 'not sent: no such parameter is passed on');
  }
  if (maxDurationSeconds !== undefined && maxDurationSeconds < shortestLimitSeconds) {
    throw refuse(
      'invalid_request',
      `a call at Telnyx cannot be limited to less than ${shortestLimitSeconds} seconds`,
    );
  }
  const limit = Math.min(maxDurationSeconds ?? longestLimitSeconds, longestLimitSeconds);
  return {
    warnings,
    json: {
      connection_id: connectionId,
      to,
      from,
      webhook_url: answerUrl.href,
      webhook_url_method: 'POST',
      ...(ringTimeoutSeconds === undefined
        ? {}
        : { timeout_secs: Math.min(600, Math.max(5, ringTimeoutSeconds)) }),
      ...(maxDurationSeconds === undefined ? {} : { time_limit_secs: limit }),
    },
  };
}
