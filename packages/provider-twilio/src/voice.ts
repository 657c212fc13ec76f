import {
  isE164,
  type OutboundCall,
  type ProviderWarning,
  TelephonyError,
  textIn,
  type VoiceCapabilities,
  type VoiceProvider,
} from '@openclaw/telephony-core';
import { toDocument } from './call-document.ts';
import { refuse, twilioProviderId } from './errors.ts';
import { malformed, type RestClient } from './rest-client.ts';
import { withRetries } from './retries.ts';

/** What Twilio can do with calls, as far as this version does it. */
const voiceCapabilities = {
  midCallUpdate: true,
  gather: ['digits', 'speech'],
  mediaStream: false,
  answeringMachineDetection: true,
  callLookup: true,
} as const satisfies VoiceCapabilities;

/** Twilio takes so long a document in a request; a longer one needs a URL. */
const longestDocument = 4000;
const endedStatuses: ReadonlySet<string> = new Set([
  'completed',
  'busy',
  'failed',
  'no-answer',
  'canceled',
]);

/** Calls: one request for one call, and never a second one. */
export function createTwilioVoice({
  rest,
}: {
  readonly rest: RestClient;
}): Required<Omit<VoiceProvider, 'mediaStream'>> {
  return {
    capabilities: voiceCapabilities,
    async placeCall(call, options) {
      const { form, warnings } = toCallParameters(call);
      const resource = await rest({ path: '/Calls.json', form }, options);
      const callId = textIn(resource, 'sid');
      if (callId === undefined) throw malformed('the SID of the call', true);
      return { call: { providerId: twilioProviderId, callId }, warnings };
    },
    async respond(_event, instructions) {
      return { status: 200, contentType: 'text/xml', body: toDocument(instructions) };
    },
    async hangUp({ callId }, options) {
      const form = new URLSearchParams({ Status: 'completed' });
      try {
        await rest({ path: pathOf(callId), form }, options);
      } catch (error) {
        if (!isOver(error)) throw error;
      }
    },
    async update({ callId }, instructions, options) {
      const document = toDocument(instructions);
      if (document.length > longestDocument) {
        throw refuse(
          'invalid_request',
          `the instructions take ${document.length} characters and Twilio takes ${longestDocument}: say less at once`,
        );
      }
      await rest({ path: pathOf(callId), form: new URLSearchParams({ Twiml: document }) }, options);
    },
    async getCall({ callId }, options) {
      const resource = await rest({ path: pathOf(callId) }, options);
      const status = textIn(resource, 'status');
      if (status === undefined) throw malformed('the status of the call', false);
      return { ended: endedStatuses.has(status), raw: resource };
    },
  };
}

function pathOf(callId: string): string {
  // It becomes part of a path.
  if (/^CA[0-9A-Za-z]+$/u.test(callId)) return `/Calls/${callId}.json`;
  throw refuse('invalid_request', 'a call id of Twilio starts with CA');
}

/** The call has ended already, or Twilio has forgotten it: then there is nothing to hang up. */
const isOver = (error: unknown): boolean =>
  TelephonyError.isInstance(error) &&
  (error.code === 'not_found' || error.providerCode === '21220');

/** Parameters of Twilio's call resource that `providerOptions.twilio` may set: none of them changes who is called. */
const passedOn: ReadonlySet<string> = new Set([
  'AsyncAmd',
  'CallReason',
  'MachineDetectionTimeout',
  'Record',
  'Trim',
]);

function toCallParameters(call: OutboundCall): {
  readonly form: URLSearchParams;
  readonly warnings: readonly ProviderWarning[];
} {
  const { to, from, answerUrl, statusCallback, ringTimeoutSeconds, maxDurationSeconds } = call;
  if (!isE164(to)) throw refuse('invalid_recipient', '`to` is not one E.164 number');
  if (!isE164(from)) throw refuse('sender_not_allowed', '`from` is not one E.164 number');
  const form = new URLSearchParams({ To: to, From: from, Url: answerUrl.href, Method: 'POST' });
  if (statusCallback !== undefined) {
    form.append('StatusCallback', withRetries(statusCallback).href);
    form.append('StatusCallbackMethod', 'POST');
    for (const event of ['ringing', 'answered', 'completed']) {
      form.append('StatusCallbackEvent', event);
    }
  }
  if (ringTimeoutSeconds !== undefined) form.append('Timeout', String(ringTimeoutSeconds));
  if (maxDurationSeconds !== undefined) form.append('TimeLimit', String(maxDurationSeconds));
  if (call.detectMachine === true) form.append('MachineDetection', 'Enable');
  const warnings: ProviderWarning[] = [];
  for (const [name, value] of Object.entries(call.providerOptions?.[twilioProviderId] ?? {})) {
    const isPlain =
      typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
    if (passedOn.has(name) && isPlain) form.append(name, String(value));
    else {
      warnings.push({
        type: 'unsupported',
        feature: `providerOptions.${twilioProviderId}.${name}`,
        detail: 'not sent: no such parameter of a call is passed on to Twilio',
      });
    }
  }
  return { form, warnings };
}
