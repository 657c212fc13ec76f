import {
  isE164,
  type JsonObject,
  type OutboundCall,
  type ProviderWarning,
  TelephonyError,
  textIn,
  type VoiceCapabilities,
  type VoiceProvider,
} from '@openclaw/telephony-core';
import { toDocument } from './call-document.ts';
import { plivoProviderId, refuse } from './errors.ts';
import { malformed, type RestClient } from './rest-client.ts';

/** What Plivo can do with calls, as far as this version does it. */
const voiceCapabilities = {
  midCallUpdate: false,
  gather: ['digits', 'speech'],
  mediaStream: false,
  answeringMachineDetection: true,
  callLookup: false,
} as const satisfies VoiceCapabilities;

/** Calls: one request for one call, and never a second one. */
export function createPlivoVoice({
  rest,
}: {
  readonly rest: RestClient;
}): Pick<VoiceProvider, 'capabilities' | 'placeCall' | 'respond' | 'hangUp'> {
  return {
    capabilities: voiceCapabilities,
    async placeCall(call, options) {
      const { json, warnings } = toCallParameters(call);
      const answer = await rest({ path: '/Call/', json }, options);
      // Not yet the id of a call: Plivo names the request, and the webhooks of the call name it as well.
      const callId = textIn(answer, 'request_uuid');
      if (callId === undefined) throw malformed('the UUID of the call', true);
      return { call: { providerId: plivoProviderId, callId }, warnings };
    },
    async respond(_event, instructions) {
      return { status: 200, contentType: 'text/xml', body: toDocument(instructions) };
    },
    async hangUp({ callId }, options) {
      // It becomes part of a path.
      if (!/^[0-9A-Za-z][0-9A-Za-z-]{7,63}$/u.test(callId)) {
        throw refuse('invalid_request', 'a call id of Plivo is a UUID');
      }
      // An outbound call is known by its request until it is answered, and by itself afterwards.
      for (const path of [`/Call/${callId}/`, `/Request/${callId}/`]) {
        try {
          await rest({ path, deletes: true }, options);
          return;
        } catch (error) {
          if (!TelephonyError.isInstance(error) || error.code !== 'not_found') throw error;
        }
      }
    },
  };
}

/** Parameters of Plivo's call resource that `providerOptions.plivo` may set: none of them changes who is called. */
const passedOn: ReadonlySet<string> = new Set([
  'caller_name',
  'machine_detection_time',
  'send_digits',
]);

function toCallParameters(call: OutboundCall): {
  readonly json: JsonObject;
  readonly warnings: readonly ProviderWarning[];
} {
  const { to, from, answerUrl, statusCallback, ringTimeoutSeconds, maxDurationSeconds } = call;
  // Plivo dials every number of a list that `<` separates.
  if (!isE164(to)) throw refuse('invalid_recipient', '`to` is not one E.164 number');
  if (!isE164(from)) throw refuse('sender_not_allowed', '`from` is not one E.164 number');
  const warnings: ProviderWarning[] = [];
  const extra: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(call.providerOptions?.[plivoProviderId] ?? {})) {
    if (passedOn.has(name)) extra[name] = value;
    else {
      warnings.push({
        type: 'unsupported',
        feature: `providerOptions.${plivoProviderId}.${name}`,
        detail: 'not sent: no such parameter of a call is passed on to Plivo',
      });
    }
  }
  const report = statusCallback?.href;
  return {
    warnings,
    json: {
      ...extra,
      to: to.slice(1),
      from: from.slice(1),
      answer_url: answerUrl.href,
      answer_method: 'POST',
      ...(report === undefined
        ? {}
        : { ring_url: report, ring_method: 'POST', hangup_url: report, hangup_method: 'POST' }),
      ...(ringTimeoutSeconds === undefined ? {} : { ring_timeout: ringTimeoutSeconds }),
      ...(maxDurationSeconds === undefined ? {} : { time_limit: maxDurationSeconds }),
      ...(call.detectMachine === true ? { machine_detection: 'true' } : {}),
    },
  };
}
