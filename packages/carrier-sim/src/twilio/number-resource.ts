import type { SimContext } from './context.ts';
import { rfc2822 } from './message-resource.ts';
import type { TwilioNumberRecord } from './numbers.ts';
import type { TwilioNumberChange } from './options.ts';

/** A number as the API shows it. */
export function numberResource(context: SimContext, record: TwilioNumberRecord): unknown {
  const { accountSid } = context.options;
  return {
    account_sid: accountSid,
    address_requirements: 'none',
    address_sid: null,
    api_version: '2010-04-01',
    beta: false,
    bundle_sid: null,
    capabilities: { fax: false, mms: true, sms: record.smsCapable !== false, voice: true },
    date_created: rfc2822(record.createdAt),
    date_updated: rfc2822(record.updatedAt),
    emergency_address_sid: null,
    emergency_address_status: 'unregistered',
    emergency_status: 'Inactive',
    friendly_name: record.number,
    identity_sid: null,
    origin: 'twilio',
    phone_number: record.number,
    sid: record.sid,
    sms_application_sid: '',
    sms_fallback_method: record.messageFallbackMethod ?? 'POST',
    sms_fallback_url: record.messageFallbackUrl ?? '',
    sms_method: record.messageMethod ?? 'POST',
    sms_url: record.messageUrl ?? '',
    status: 'in-use',
    status_callback: record.statusCallback ?? '',
    status_callback_method: 'POST',
    trunk_sid: null,
    type: 'local',
    uri: `/2010-04-01/Accounts/${accountSid}/IncomingPhoneNumbers/${record.sid}.json`,
    voice_application_sid: '',
    voice_caller_id_lookup: false,
    voice_fallback_method: 'POST',
    voice_fallback_url: record.voiceFallbackUrl ?? '',
    voice_method: record.voiceMethod ?? 'POST',
    voice_receive_mode: 'voice',
    voice_url: record.voiceUrl ?? '',
  };
}

/** Reads the form that changes a number. An empty value takes the webhook away. */
export function readNumberChange(form: URLSearchParams): TwilioNumberChange {
  const method = (name: string): 'GET' | 'POST' => (form.get(name) === 'GET' ? 'GET' : 'POST');
  const text = (name: string): string => form.get(name) ?? '';
  return {
    ...(form.has('SmsUrl') ? { messageUrl: text('SmsUrl') } : {}),
    ...(form.has('SmsMethod') ? { messageMethod: method('SmsMethod') } : {}),
    ...(form.has('SmsFallbackUrl') ? { messageFallbackUrl: text('SmsFallbackUrl') } : {}),
    ...(form.has('SmsFallbackMethod')
      ? { messageFallbackMethod: method('SmsFallbackMethod') }
      : {}),
    ...(form.has('VoiceUrl') ? { voiceUrl: text('VoiceUrl') } : {}),
    ...(form.has('VoiceMethod') ? { voiceMethod: method('VoiceMethod') } : {}),
    ...(form.has('VoiceFallbackUrl') ? { voiceFallbackUrl: text('VoiceFallbackUrl') } : {}),
    ...(form.has('StatusCallback') ? { statusCallback: text('StatusCallback') } : {}),
  };
}
